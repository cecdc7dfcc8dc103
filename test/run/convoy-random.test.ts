// limit: 300
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { seeded } from '../../src/jinja/python/random.ts'
import { listing } from '../differential/world.ts'
import { play } from '../support/play.ts'
import { SEED } from '../support/seed.ts'
import { suite } from '../support/suite.ts'

/**
 * Loops by chance over a few paths, one of which leads through a link: turns that go together end as they do when each is a run of its
 * own. REGPLAY_SEED repeats a run, REGPLAY_LOOPS says how many loops.
 */
const test = suite('run/convoy-random')
const count = Number(process.env['REGPLAY_LOOPS'] ?? 4)
const TURNS = 8

const PATHS = ['a', 'dir', 'dir/b', 'dir/sub', 'dir/sub/c', 'link', 'link/b']
const STATES = ['directory', 'absent', 'absent', 'touch', 'file', 'link']
const KINDS: Record<string, (below: (limit: number) => number) => Record<string, unknown>> = {
  file: below => {
    const state = STATES[below(STATES.length)]
    if (state === 'link') return { state, path: ['link', 'a'][below(2)], src: 'dir', force: below(2) === 0 }
    return state === 'touch'
      ? { state, modification_time: 'preserve', access_time: 'preserve' }
      : { state, recurse: false }
  },
  copy: below => ({ content: ['x', 'y'][below(2)], mode: ['0600', '0640'][below(2)] }),
  lineinfile: below => ({ line: ['x', 'y'][below(2)], create: below(2) === 0, state: ['absent', 'present'][below(2)] }),
}

/** Runs turns as a loop where they stand; what each changed, and whether it failed. */
async function looped(dir: string, module: string, items: readonly Record<string, unknown>[]): Promise<unknown[]> {
  const names = [...new Set(items.flatMap(item => Object.keys(item)))].filter(name => name !== 'path')
  const given = names.map(name => [name, `{{ item.${name} | default(omit) }}`])
  const args = { [module === 'copy' ? 'dest' : 'path']: `${dir}/{{ item.path }}`, ...Object.fromEntries(given) }
  const tasks = [{ name: 'turns', [module]: args, loop: items, ignore_errors: true }]
  const { result } = await play(JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]))
  const results = result('turns').result['results'] as { changed?: boolean; failed?: boolean }[]
  return results.map(({ changed = false, failed = false }) => ({ changed, failed }))
}

/** A tree that all begin with, and what becomes of it. */
async function after(use: (dir: string) => Promise<unknown[]>): Promise<{ told: unknown[]; tree: unknown }> {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-turns-'))
  try {
    mkdirSync(join(dir, 'dir'))
    symlinkSync('dir', join(dir, 'link'))
    const told = await use(dir)
    const stands = (path: string): string => {
      const stat = lstatSync(path)
      if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`
      return `${(stat.mode & 0o7777).toString(8)} ${stat.isFile() ? readFileSync(path, 'utf8') : 'directory'}`
    }
    return { told, tree: [...listing(dir, '', stands)].sort() }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

for (let i = 0; i < count; i++)
  test(`the loop of the seed ${SEED + i} ends as its turns do one by one`, async () => {
    const chance = seeded(SEED + i)
    const below = (limit: number): number => chance.below(limit)
    const module = Object.keys(KINDS)[below(3)] ?? 'file'
    const items = Array.from({ length: TURNS }, () => ({ path: PATHS[below(PATHS.length)], ...KINDS[module]?.(below) }))
    const together = await after(dir => looped(dir, module, items))
    const alone = await after(async dir => {
      const told: unknown[] = []
      for (const item of items) told.push(...(await looped(dir, module, [item])))
      return told
    })
    assert.equal(together, alone, `${module} ${JSON.stringify(items)}`)
  }, 120_000)

test.run()
