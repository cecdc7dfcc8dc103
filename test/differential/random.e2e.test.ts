// limit: 600
import { suite } from '../support/suite.ts'
import { compare, Judge } from './compare.ts'
import { EXCUSED, type Excuse, ON_THE_WAY } from './excused.ts'
import { type RandomPlay, randomPlay } from './random-play.ts'
import { GROUND, TEMPLATE } from './random-tasks.ts'
import { filesOf, INVENTORY, LIMIT, lastWords, type Ran, runIn, type Which } from './side.ts'
import { type World, Worlds, whyNoWorld } from './world.ts'

/**
 * Plays by chance, whose tasks meet on a few paths, end under regplay as under Ansible, some of them a second time too. A dry run before that
 * changes nothing. REGPLAY_SEED repeats a play or begins elsewhere, REGPLAY_PLAYS says how many there are.
 */
const test = suite('differential/random')
/** Always the same plays, as long as the generator is the same: not enough others have run without a difference yet to leave it to chance. */
const seed = Number(process.env['REGPLAY_SEED'] ?? 4000)
const count = Number(process.env['REGPLAY_PLAYS'] ?? 2)
/** Plays at a time. */
const WORKERS = 2
/** Besides those of all playbooks: cases of modules hold fields against each other, one by one. */
const ALSO: readonly Excuse[] = [
  ON_THE_WAY,
  {
    field: /./,
    why: 'what failed says why in words of its own',
    when: (_ansible, _regplay, { status, result }) => status === 'failed' || 'failed_when_result' in result,
  },
  { field: /^results\.\d+\./, why: 'each turn is compared as an event of its own' },
  {
    field: /^(uid|gid|owner|group|mode|state|size)$/,
    why: 'what was changed is not looked at again to tell of it',
    when: (_ansible, regplay) => regplay === undefined,
  },
  {
    field: /^path$/,
    why: 'where a link is followed, the path that was asked for is told',
    when: (_ansible, _regplay, { module }) => module === 'file',
  },
  {
    field: /^state$/,
    why: 'whether a file has other names is not asked',
    when: (ansible, regplay) => ansible === 'hard' && regplay === 'file',
  },
  {
    field: /^(uid|gid|owner|group|mode|state|size)$/,
    why: 'of a link that is touched, what it leads to is told',
    when: (_ansible, _regplay, { module, result }) => module === 'file' && result['state'] === 'link',
  },
  {
    field: /./,
    why: 'of an account or a group that would be made Ansible tells nothing',
    when: (ansible, _regplay, { module, result }) =>
      (module === 'user' || module === 'group') && ansible === undefined && !('name' in result),
  },
  {
    field: /^(dest|src)$/,
    why: 'a file with other names is told of as any file',
    when: (_ansible, regplay, { module, result }) =>
      module === 'file' && regplay === undefined && result['state'] === 'hard',
  },
  {
    field: /^src$/,
    why: 'of a file that would be made Ansible tells nothing',
    when: (ansible, _regplay, { module, result }) =>
      module === 'template' && ansible === undefined && !('dest' in result),
  },
  {
    field: /^state$/,
    why: 'in a dry run Ansible tells of what would go that it is there',
    when: (_ansible, regplay, { module, status }) => module === 'file' && regplay === 'absent' && status === 'changed',
  },
  {
    field: /^msg$/,
    why: 'an owner that a new file would have had anyway is told of',
    when: (ansible, regplay) => regplay === `${String(ansible)} and ownership, perms or SE linux context changed`,
  },
  {
    field: /^stat\.mimetype$/,
    why: 'what `file` says of a link that leads nowhere is not understood there',
    when: (ansible, regplay) => ansible === 'unknown' && regplay === 'inode/symlink',
  },
  {
    field: /^stderr(_lines\.\d+)?$/,
    why: 'Ansible runs programs in the locale C.UTF-8, in which they quote otherwise',
    when: (ansible, regplay) => String(ansible).replaceAll(/[‘’]/g, "'") === regplay,
  },
]
const FOLDER = '/run/play'

/** A world with the play, and with what its tasks find on the hosts. */
async function prepare(worlds: Worlds, { play, included }: RandomPlay): Promise<World> {
  const world = await worlds.world()
  await world.run(['mkdir', FOLDER], {}, '/', LIMIT)
  world.write(`${FOLDER}/play.yml`, JSON.stringify([play]))
  world.write(`${FOLDER}/included.yml`, JSON.stringify(included))
  world.write(`${FOLDER}/t.j2`, TEMPLATE)
  world.write(`${FOLDER}/ground.sh`, GROUND)
  const all = 'for n in 1 2 3; do ssh root@127.0.0.1$n sh -s <ground.sh || exit 1; done'
  const { code, text } = await world.run(['sh', '-c', all], {}, FOLDER, LIMIT)
  if (code !== 0) throw new Error(`the ground could not be made: ${text}`)
  return world
}

/** The play by one side, and again where that is wanted; by ours in check mode before that. */
async function side(worlds: Worlds, which: Which, random: RandomPlay): Promise<{ runs: Ran[]; dry: string[] }> {
  const world = await prepare(worlds, random)
  const run = (more: readonly string[]): Promise<Ran> =>
    runIn(world, which, [...INVENTORY, ...random.args, ...more, 'play.yml'], FOLDER)
  try {
    const dry = new Judge([])
    if (which === 'regplay') {
      const before = filesOf(world)
      const { files } = await run(['--check'])
      for (const [machine, seen] of files) dry.files(machine, before.get(machine) ?? new Map(), seen)
    }
    return { runs: [await run([]), ...(random.again ? [await run([])] : [])], dry: dry.differences }
  } finally {
    await world.stop()
  }
}

/** What differs, said with all that is needed to see it again. */
async function differences(worlds: Worlds, each: number): Promise<string> {
  const random = randomPlay(each)
  const ansible = await side(worlds, 'ansible', random)
  const regplay = await side(worlds, 'regplay', random)
  if (regplay.dry.length > 0) return `a dry run changed\n${regplay.dry.join('\n')}`
  for (const [i, left] of ansible.runs.entries()) {
    const right = regplay.runs[i] as Ran
    const found = compare(left, right, [...EXCUSED, ...ALSO]).differences
    if (found.length > 0) return `run ${i + 1}\n${found.join('\n')}\n${lastWords(left, right)}`
  }
  return ''
}

const why = whyNoWorld()
const verdicts = new Map<number, Promise<string>>()
let worlds: Worlds | undefined

/** Judges all plays, `WORKERS` at a time. */
function begin(): void {
  const making = Worlds.make().then(made => {
    worlds = made
    return made
  })
  let before: Promise<unknown>[] = Array.from({ length: WORKERS }, () => making)
  for (let each = seed; each < seed + count; each++) {
    const [first = making, ...others] = before
    const verdict = first.catch(() => undefined).then(async () => differences(await making, each))
    verdicts.set(each, verdict)
    before = [...others, verdict]
  }
}

if (why === null) {
  test.before(begin)
  test.after(() => worlds?.remove())
}

for (let each = seed; each < seed + count; each++) {
  const name = `the play of the seed ${each}`
  if (why !== null) test.skip(name, why)
  else
    test(
      name,
      async () => {
        const text = await verdicts.get(each)
        if (!text) return
        const { play, args } = randomPlay(each)
        const tasks = (play['tasks'] as unknown[]).map(task => JSON.stringify(task)).join('\n')
        throw Object.assign(new Error(`REGPLAY_SEED=${each} REGPLAY_PLAYS=1: ${args.join(' ')}\n${tasks}\n${text}`), {
          stack: '',
        })
      },
      5 * LIMIT,
    )
}

test.run()
