import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Counts, Event, HostResult, HostStats } from '../../src/base/event.ts'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import type { Ending } from '../../src/cli/exit.ts'
import { type Job, perform } from '../../src/cli/wire.ts'

/** What a playbook did, as everybody outside the engine sees it. */
export interface Played {
  readonly events: readonly Event[]
  readonly ending: Omit<Ending, 'detailed' | 'signal'>
  readonly recap: Readonly<Record<string, Counts>>
  readonly stats: Readonly<Record<string, HostStats>>
  /** `host status task` of every result, in the order in which they came. */
  readonly results: readonly string[]
  /** The result of the last task of this name on a host. */
  result(task: string, host?: string): HostResult
  /** What `debug` showed, as `host message`. */
  readonly said: readonly string[]
}

/** Hosts that are all this machine, each with its own name. */
export const HOSTS = (...names: string[]): string =>
  `${names.map(name => `${name} ansible_connection=local`).join('\n')}\n`

/** Runs a playbook text with the real engine, modules and a real shell. `files` stand beside the playbook; `DIR` in texts is their directory. */
export async function play(
  text: string,
  more: { hosts?: string; files?: Readonly<Record<string, string>>; job?: Partial<Job>; dir?: string } = {},
): Promise<Played> {
  const dir = more.dir ?? mkdtempSync(join(tmpdir(), 'regplay-play-'))
  try {
    const files = { 'play.yml': text, hosts: more.hosts ?? HOSTS('one'), ...more.files }
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true })
      writeFileSync(join(dir, name), content.replaceAll('DIR', dir))
    }
    const events: Event[] = []
    const job: Job = {
      playbooks: [join(dir, 'play.yml')],
      inventory: [join(dir, 'hosts')],
      extraVars: [],
      askPass: false,
      askBecomePass: false,
      become: false,
      hostKeys: 'strict',
      timeout: 10,
      forks: 5,
      tags: [],
      skipTags: [],
      check: false,
      detailedExitcode: false,
      forceHandlers: false,
      diff: false,
      verbose: 0,
      step: false,
      flushCache: false,
      sshArgs: {},
      config: DEFAULTS,
      ...more.job,
    }
    const ending = await perform(job, event => events.push(event), new AbortController().signal)
    return { events, ending, ...read(events) }
  } finally {
    if (more.dir === undefined) rmSync(dir, { recursive: true, force: true })
  }
}

function read(events: readonly Event[]): Omit<Played, 'events' | 'ending'> {
  const results = events.filter(event => event.type === 'host-result')
  const recap = events.find(event => event.type === 'recap')?.hosts ?? {}
  const stats = events.find(event => event.type === 'stats')?.hosts ?? {}
  return {
    recap,
    stats,
    results: results.map(
      ({ host, status, task, ignored, rescued }) =>
        `${host} ${ignored ? 'ignored' : rescued ? 'rescued' : status} ${task}`,
    ),
    said: results
      .filter(event => event.action === 'debug' && (event.status === 'ok' || event.status === 'changed'))
      .map(event => `${event.host} ${String(event.result['msg'])}`),
    result: (task, host = 'one') => {
      const found = results.filter(event => event.task === task && event.host === host).at(-1)
      if (!found)
        throw new Error(`no result of '${task}' on ${host}; there are: ${results.map(event => event.task).join(', ')}`)
      return found
    },
  }
}
