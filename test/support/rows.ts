import * as assert from 'uvu/assert'
import { HOSTS, type Played, play } from './play.ts'
import type { Suite } from './suite.ts'

/** A playbook, and what it must do: what is not named is not looked at. */
export interface Row {
  readonly text: string
  readonly hosts?: readonly string[]
  readonly inventory?: string
  readonly files?: Readonly<Record<string, string>>
  readonly job?: NonNullable<Parameters<typeof play>[1]>['job']
  /** `host status task`, in the order of each host. */
  readonly results?: readonly string[]
  /** `host message` of every debug, in the order of each host. */
  readonly said?: readonly string[]
  /** `host ok/changed/failed/skipped/rescued/ignored`. */
  readonly recap?: readonly string[]
  readonly failed?: boolean
  /** Text that some message of a failure must hold. */
  readonly why?: RegExp
  readonly also?: (played: Played) => void
}

/** Each row as a test of its name. */
export function rows(test: Suite, table: Readonly<Record<string, Row>>): void {
  for (const [name, row] of Object.entries(table)) test(name, () => judge(row), 20_000)
}

async function judge({ text, hosts, inventory, files, job, ...wanted }: Row): Promise<void> {
  const played = await play(text, {
    hosts: inventory ?? HOSTS(...(hosts ?? ['one'])),
    ...(files ? { files } : {}),
    ...(job ? { job } : {}),
  })
  const why = failures(played)
  if (wanted.results) assert.equal(byHost(played.results), byHost(wanted.results), why || undefined)
  if (wanted.said) assert.equal(byHost(played.said), byHost(wanted.said), why || undefined)
  if (wanted.recap) assert.equal(counts(played), wanted.recap)
  assert.is(played.ending.failed, wanted.failed ?? false)
  if (wanted.why) assert.match(why, wanted.why)
  wanted.also?.(played)
}

/** Hosts side by side may come in any order; each keeps its own. */
const byHost = (lines: readonly string[]): string[] => {
  const host = (line: string): string => line.slice(0, line.indexOf(' '))
  return [...new Set(lines.map(host))].sort().flatMap(name => lines.filter(line => host(line) === name))
}

const counts = ({ recap }: Played): string[] =>
  Object.entries(recap)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([host, { ok, changed, failed, skipped, rescued, ignored }]) =>
        `${host} ${[ok, changed, failed, skipped, rescued, ignored].join('/')}`,
    )

const failures = ({ events }: Played): string =>
  events
    .flatMap(event => (event.type === 'host-result' && event.status === 'failed' ? [event.msg ?? ''] : []))
    .join('\n')
