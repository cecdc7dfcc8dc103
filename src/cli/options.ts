/** What the command line may say, typed; made by `flags.ts`. */
export interface ScreenOptions {
  /** Number of `-v`. */
  readonly verbose: number
  readonly diff: boolean
  readonly json: boolean
  readonly color: boolean
  /** File for the events as JSON lines. */
  readonly events?: string
  /** One module on some hosts, not a playbook. */
  readonly adhoc?: boolean
}

/** Where the hosts and their variables come from. */
export interface InventoryOptions {
  readonly inventory: readonly string[]
  /** `-e`, as written, in order: `k=v ...`, `@file`, or YAML/JSON. */
  readonly extraVars: readonly string[]
  readonly limit?: string
}

/** How machines are reached and who one is there. */
export interface ConnectionOptions {
  readonly user?: string
  readonly privateKey?: string
  readonly connection?: 'ssh' | 'local'
  readonly askPass: boolean
  readonly become: boolean
  readonly becomeUser?: string
  readonly becomeMethod?: 'sudo' | 'su' | 'doas'
  readonly askBecomePass: boolean
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
  readonly check: boolean
  readonly detailedExitcode: boolean
  readonly forceHandlers: boolean
}

/** `--list-*` and `--syntax-check`: look, and touch no host. */
export interface ListOptions {
  readonly syntaxCheck: boolean
  readonly listHosts: boolean
  readonly listTasks: boolean
  readonly listTags: boolean
}

export interface RunOptions extends ScreenOptions, InventoryOptions, ConnectionOptions, TaskOptions, ListOptions {
  readonly playbooks: readonly string[]
}

export interface AdhocOptions extends ScreenOptions, InventoryOptions, ConnectionOptions {
  readonly pattern: string
}

/** What is evaluated, and for whom. */
export interface EvalOptions {
  readonly expression?: string
  /** A file. */
  readonly template?: string
  readonly host: string
  readonly batch: boolean
}
