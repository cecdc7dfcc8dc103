import type { Meta } from '../base/event.ts'

/** What was done, by the word of a `meta` task. */
const DONE: Readonly<Record<string, (host: string) => string>> = {
  clear_facts: () => 'facts cleared',
  clear_host_errors: () => 'cleared host errors',
  end_batch: () => 'ending batch',
  end_host: host => `ending play for ${host}`,
  end_play: () => 'ending play',
  end_role: host => `ending role for ${host}`,
  flush_handlers: host => `triggered running handlers for ${host}`,
  refresh_inventory: () => 'inventory successfully refreshed',
  reset_connection: host => `reset connection of ${host}`,
}

/** What became of a `meta` task, in the words of Ansible. */
export const metaText = ({ word, done, host }: Meta): string =>
  done ? (DONE[word]?.(host) ?? word) : `${word} conditional evaluated to False, continuing execution for ${host}`
