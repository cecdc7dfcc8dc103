/** What a text means, in the colours that Ansible gives these meanings. */
export type Tone = 'ok' | 'changed' | 'skip' | 'error' | 'unreachable' | 'debug' | 'verbose' | 'warn' | 'plain'

const CODES: Record<Exclude<Tone, 'plain'>, string> = {
  ok: '0;32',
  changed: '0;33',
  skip: '0;36',
  error: '0;31',
  unreachable: '1;31',
  debug: '1;30',
  verbose: '0;34',
  warn: '1;35',
}

export type Paint = (text: string, tone: Tone) => string

/** Colours every line by itself, so that a pager or `grep` keeps them. */
export const colours: Paint = (text, tone) =>
  tone === 'plain'
    ? text
    : text
        .split('\n')
        .map(line => (line === '' ? '' : `\u001b[${CODES[tone]}m${line}\u001b[0m`))
        .join('\n')

export const colourless: Paint = text => text
