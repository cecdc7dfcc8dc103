import { ask, CouldNotTell } from '../kit/question.ts'
import { raw } from '../shell/script.ts'

/** What the host takes for the present, to the second; asked once a run, as nothing that a task does makes it another. */
export const clock = ask(raw('date +%s'), [], ({ ok, stdout, stderr }) => {
  if (!ok || !/^\d+\s*$/.test(stdout)) throw new CouldNotTell(stderr.trim() || 'date says nothing')
  return new Date(Number(stdout) * 1000)
})
