/** What the command line may say, typed; made by `found.ts`. */
export interface ScreenOptions {
  /** Number of `-v`. */
  readonly verbose: number
  readonly diff: boolean
  readonly json: boolean
  readonly color: boolean
  /** File for the events as JSON lines. */
  readonly events?: string
  /** One module on some hosts, not a playbook: how its results are shown. */
  readonly adhoc?: AdhocView
}

/** How results of one module are shown. */
export interface AdhocView {
  readonly oneLine: boolean
  /** Folder for a file with each host's result. */
  readonly tree?: string
}

/** Where the hosts and their variables come from. */
export interface InventoryOptions {
  readonly inventory: readonly string[]
  /** Files of an inventory's directory that are no sources: endings, and regular expressions. */
  readonly ignored?: { readonly endings?: readonly string[]; readonly patterns?: readonly string[] }
  /** Sources that cannot be read are an error where all are such, or never; without it where one is. */
  readonly unread?: 'all' | 'never'
  /** Group names that are no names of variables are told of. */
  readonly judgeNames?: true
  /** Dicts of several places become one. */
  readonly merges?: true
  /** Groups get names that can be names of variables. */
  readonly safeNames?: 'told' | 'silently'
  /** Nobody is told when there is no inventory. */
  readonly withoutIsFine?: true
  /** `-e`, as written, in order: `k=v ...`, `@file`, or YAML/JSON. */
  readonly extraVars: readonly string[]
  readonly limit?: string
}

/** How vaults are opened, the settings included. */
export interface VaultOptions {
  /** `id@file`, `id@prompt` or a file, in order. */
  readonly vaultIds: readonly string[]
  readonly vaultPasswordFiles: readonly string[]
  readonly askVaultPassword: boolean
}

/** How machines are reached and who one is there. */
export interface ConnectionOptions {
  readonly user?: string
  readonly port?: number
  readonly privateKey?: string
  readonly connection?: 'ssh' | 'local'
  readonly askPass: boolean
  /** File or program that gives the login password; `-` is the standard input. */
  readonly passwordFile?: string
  readonly become: boolean
  readonly becomeUser?: string
  readonly becomeMethod?: 'sudo' | 'su' | 'doas'
  readonly becomeFlags?: string
  readonly askBecomePass: boolean
  readonly becomePasswordFile?: string
  /** Options of ssh by the variable that would win over them. */
  readonly sshArgs: Readonly<Record<string, string>>
  /** What to do with host keys when the inventory does not say. */
  readonly hostKeys: 'strict' | 'accept-new' | 'off'
  /** Seconds until a connection must stand. */
  readonly timeout: number
  readonly forks: number
}

/** Which tasks, and how. */
export interface TaskOptions {
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask?: string
  readonly step: boolean
  readonly check: boolean
  readonly detailedExitcode: boolean
  readonly forceHandlers: boolean
  /** Forget facts that were kept of earlier runs. */
  readonly flushCache: boolean
}

/** `--list-*` and `--syntax-check`: look, and touch no host. */
export interface ListOptions {
  readonly syntaxCheck: boolean
  readonly listHosts: boolean
  readonly listTasks: boolean
  readonly listTags: boolean
}

export interface RunOptions
  extends ScreenOptions,
    InventoryOptions,
    VaultOptions,
    ConnectionOptions,
    TaskOptions,
    ListOptions {
  readonly playbooks: readonly string[]
}

/** One module on the hosts of a pattern. */
export interface AdhocOptions {
  readonly pattern: string
  readonly module: string
  /** As written: `k=v ...`, JSON, or a line of text. */
  readonly args: string
  readonly oneLine: boolean
  readonly tree?: string
  readonly listHosts: boolean
  /** `async` and `poll` of the task, in seconds. */
  readonly background?: number
  readonly poll?: number
  /** Seconds. */
  readonly taskTimeout?: number
  readonly playbookDir?: string
}

/** `regplay doc`: which modules. */
export interface DocOptions {
  readonly names: readonly string[]
  /** All of them, a line each. */
  readonly list: boolean
}

/** What is evaluated, and for whom. */
export interface EvalOptions {
  readonly expression?: string
  /** A file. */
  readonly template?: string
  readonly host: string
  readonly batch: boolean
}

/** `regplay inventory`: what of it is shown, and how. */
export interface ShowOptions {
  readonly list: boolean
  readonly host?: string
  readonly graph: boolean
  /** Where the graph begins. */
  readonly group: string
  /** Variables in the graph. */
  readonly vars: boolean
  readonly yaml: boolean
  readonly toml: boolean
  readonly export: boolean
  /** File to write to. */
  readonly output?: string
  readonly playbookDir?: string
}

/** `regplay vars`: whose variables, and which. */
export interface VarsOptions {
  readonly host: string
  /** All when absent. */
  readonly name?: string
  /** Variables of its plays and roles count too. */
  readonly playbook?: string
  readonly playbookDir?: string
}
