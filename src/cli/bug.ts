/** What we say when something happened that must not happen: that it is ours, and what to send us. */
export function bugText(error: unknown, version: string, command: string): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return [
    '',
    'regplay has a bug, and this is it: nothing that you wrote should lead here.',
    'What was running on hosts may be half done; running the same command again is safe.',
    'Please report it with the text below (look through it first: it may name your files).',
    '',
    `  regplay ${version}, node ${process.version}, ${process.platform} ${process.arch}, command ${command}`,
    ...stack.split('\n').map(line => `  ${line}`),
    '',
  ].join('\n')
}
