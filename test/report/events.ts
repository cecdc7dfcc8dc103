import type { Event, HostResult, ItemResult, TaskRef } from '../../src/base/event.ts'

/** Events for tests, with everything that a test does not care about filled in. */
export const ref = (more: Partial<TaskRef> = {}): TaskRef => ({
  ...{ id: 1, task: 'put config', action: 'copy', path: 'site.yml:7' },
  ...more,
})

export const hostResult = (more: Partial<HostResult>): HostResult => ({
  ...ref(),
  ...{ type: 'host-result', host: 'web', status: 'ok', result: { changed: false } },
  ...more,
})

export const itemResult = (more: Partial<ItemResult>): ItemResult => ({
  ...ref(),
  ...{ type: 'item-result', host: 'web', status: 'ok', result: { changed: false }, item: 'x', label: 'x' },
  ...more,
})

/** What hosts may say to act on the terminal of whoever looks. */
export const EVIL = 'a\u001b[2Kb\u001b]0;title\u0007c\rd\u009b31me\u202ef'

/** A short run in which something of every kind happens. */
export const RUN: readonly Event[] = [
  { type: 'run-start', version: '1', playbooks: ['site.yml'], check: false },
  { type: 'play-start', play: 1, name: 'all', hosts: ['web', 'db'], tasks: 2 },
  { type: 'task-start', ...ref(), handler: false },
  { type: 'host-start', ...ref(), host: 'web' },
  { type: 'host-start', ...ref(), host: 'db' },
  { type: 'progress', ...ref(), host: 'web', what: `sending ${EVIL}`, done: 1000, total: 2000 },
  hostResult({ status: 'changed', result: { changed: true } }),
  hostResult({
    host: 'db',
    status: 'failed',
    result: { changed: false },
    msg: `no space ${EVIL}`,
    remedy: 'make room',
  }),
  { type: 'task-start', ...ref({ id: 2, task: 'say', action: 'debug' }), handler: false },
  { type: 'host-start', ...ref({ id: 2, task: 'say', action: 'debug' }), host: 'web' },
  hostResult({ id: 2, task: 'say', action: 'debug', result: { changed: false, msg: `hello ${EVIL}` } }),
  { type: 'warning', msg: 'mind the gap', host: 'web' },
  { type: 'play-end', play: 1 },
  {
    type: 'recap',
    hosts: {
      web: { ok: 2, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 },
      db: { ok: 0, changed: 0, unreachable: 0, failed: 1, skipped: 0, rescued: 0, ignored: 0 },
    },
  },
  { type: 'stats', hosts: { web: { handshakes: 1, trips: 3, bytesSent: 2048, bytesReceived: 100 } } },
  { type: 'run-end', exit: 2, changed: 1, ms: 2345 },
]
