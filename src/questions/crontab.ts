import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** The words that name the table of a user to `crontab`: none for whoever asks. */
export const tableOf = (user: string | undefined): readonly string[] => (user === undefined ? [] : ['-u', user])

/** A user's table of jobs; '' where there is none, undefined where the host has no `crontab`. */
export const userTable = (user: string | undefined): TargetQuestion<string | undefined> =>
  ask(sh`LC_ALL=C crontab ${tableOf(user)} -l`, [`cron:${user ?? ''}`], answer => {
    if (answer.code === 127) return undefined
    // 1 means that there is no table, too.
    if (!answer.ok && answer.code !== 1)
      throw new CouldNotTell(`Unable to read crontab: ${answer.stderr.trim() || `status ${answer.code}`}`)
    return answer.ok ? answer.stdout : ''
  })
