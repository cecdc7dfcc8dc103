import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatDiagnostic } from '../../src/base/diagnostic.ts'
import type { Block, Play, Step, Task } from '../../src/playbook/ast.ts'
import { type ParseContext, parseContext } from '../../src/playbook/context.ts'
import { type Node, toValue } from '../../src/source/node.ts'
import { MODULES } from './modules.ts'

/** Files of a test in a directory of their own, removed with `remove`. */
export function tree(files: Readonly<Record<string, string>>): {
  dir: string
  path: (name: string) => string
  remove: () => void
} {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-playbook-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return { dir, path: name => join(dir, name), remove: () => rmSync(dir, { recursive: true }) }
}

export const context = (more: Partial<ParseContext> = {}): ParseContext => parseContext(MODULES, more)

/** Faults without the directory and without remedies. */
export const lines = (faults: readonly Parameters<typeof formatDiagnostic>[0][], dir: string): string[] =>
  faults.map(fault => (formatDiagnostic(fault).split('\n')[0] ?? '').replaceAll(`${dir}/`, ''))

export function* tasks(steps: readonly Step[]): Iterable<Task> {
  for (const step of steps)
    if (step.kind === 'task') yield step
    else yield* tasks([...step.block, ...step.rescue, ...step.always])
}

export const allTasks = (play: Play | undefined): Task[] =>
  play ? [...tasks([...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks, ...play.handlers])] : []

export const blocks = (steps: readonly Step[]): Block[] => steps.filter(step => step.kind === 'block')

export const value = (node: Node | undefined): unknown => (node === undefined ? undefined : toValue(node))

/** A mapping node as an object. */
export const object = (node: Node | undefined): unknown => {
  const found = value(node)
  return found instanceof Map ? Object.fromEntries(found) : found
}
