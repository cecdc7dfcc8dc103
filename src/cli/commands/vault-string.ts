import { typedBytes } from '../../vault/keyring.ts'
import { askSecret, askText } from '../ask.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { rewrite } from '../rewrite.ts'
import { type CryptOptions, print, read, STANDARD, sealed, sealingKey, usage } from '../vault-crypt.ts'

export interface VaultStringOptions extends CryptOptions {
  /** Texts, or `-` for standard input. */
  readonly texts: readonly string[]
  readonly names: readonly string[]
  readonly stdinName?: string
  readonly prompt: boolean
  readonly showInput: boolean
  readonly output?: string
}

/** A text that becomes a `!vault` value, and where it is from. */
interface Given {
  readonly plain: Buffer
  readonly name: string | undefined
  readonly from: string
}

/** Columns by which Ansible moves a vaulted text in. */
const INDENT = ' '.repeat(10)

/** `regplay vault encrypt_string`: values to paste into files of variables. */
export default async function vaultString(options: VaultStringOptions, desk: Desk): Promise<number> {
  const fromStdin = options.texts.includes(STANDARD) || options.stdinName !== undefined
  const nothing = options.texts.length === 0 && !options.prompt
  if (options.prompt && fromStdin) throw usage('--prompt and standard input exclude each other', 'use one of them')
  const key = await sealingKey(options, desk)
  const given = [
    ...(options.prompt ? [await prompted(options, desk)] : []),
    ...(fromStdin || nothing ? [await standard(options, desk)] : []),
    ...argumentsOf(options, desk),
  ]
  const outs = given.map(({ plain, name, from }, index) => {
    if (plain.length === 0) throw usage(`the text from ${from} is empty`, 'an empty value needs no vault')
    if (given.length > 1)
      desk.err.write(`# ${name === undefined ? 'The text' : `The variable '${name}'`}, #${index + 1}, from ${from}.\n`)
    return yaml(sealed(plain, key).toString(), name)
  })
  const bytes = Buffer.from(outs.join(''))
  if (options.output === undefined || options.output === STANDARD) await print(bytes)
  else rewrite(options.output, bytes)
  if (process.stdout.isTTY) desk.err.write('Encryption successful\n')
  return EXIT.done
}

const yaml = (armour: string, name: string | undefined): string =>
  [
    `${name === undefined ? '' : `${name}: `}!vault |`,
    ...armour
      .trimEnd()
      .split('\n')
      .map(line => INDENT + line),
    '',
  ].join('\n')

async function prompted({ names, showInput }: VaultStringOptions, { stop }: Desk): Promise<Given> {
  const name = names[0] ?? (await askText('Variable name (enter for no name): ', 'name of the variable', stop.signal))
  const from = 'the prompt'
  const what = 'text to encrypt'
  if (showInput)
    return {
      plain: Buffer.from(await askText('String to encrypt: ', what, stop.signal)),
      name: name || undefined,
      from,
    }
  const typed = await askSecret('String to encrypt (hidden): ', what, stop.signal)
  return { plain: typedBytes(typed), name: name || undefined, from }
}

async function standard({ stdinName }: VaultStringOptions, { err }: Desk): Promise<Given> {
  if (process.stdin.isTTY)
    err.write('Reading plaintext input from stdin. (ctrl-d to end input, twice if it does not end with a new line)\n')
  return { plain: await read(STANDARD), name: stdinName, from: 'standard input' }
}

/** Texts of the command line with the names that `--name` gives, in order. */
function argumentsOf({ texts, names, prompt }: VaultStringOptions, { err }: Desk): Given[] {
  const given = texts.filter(text => text !== STANDARD)
  if (!prompt && names.length > 0 && names.length < given.length)
    err.write(`There are fewer names than texts: those after '${names.at(-1)}' get none.\n`)
  return given.map((text, index) => ({
    plain: Buffer.from(text),
    name: prompt ? undefined : names[index],
    from: 'the command line',
  }))
}
