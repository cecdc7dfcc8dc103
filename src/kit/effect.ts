import type { Secret } from '../base/secret.ts'
import type { Dict, Value } from '../base/value.ts'
import type { Script } from '../shell/script.ts'

/**
 * Every way in which regplay touches the world. The list is closed: a new module is an everyday thing, a new effect is a
 * decision that is written down (docs/decisions/). Each is interpreted by the file of its name in `effects/`.
 */
export type Effect = Run | Feed | Put | Unpack | Populate | Issue | Http | Wait

/** Runs shell text on the target, stdin closed unless given. */
export interface Run {
  readonly kind: 'run'
  readonly script: Script
  /** Standard input of the script. */
  readonly stdin?: string | Secret
  /** Seconds until the script is ended; no limit when absent. */
  readonly timeout?: number
  /** The outcome says when it began and ended on the target: `start`, `end` and `delta`, as Ansible writes them. */
  readonly timed?: true
  /** How long this may take in words for the live view ("installing 5 packages"). */
  readonly doing?: string
}

/** Runs shell text with a file of the controller on its standard input, streamed (`docker load`). */
export interface Feed {
  readonly kind: 'feed'
  readonly script: Script
  /** Controller path. */
  readonly file: string
}

/** Who asks a web server, by HTTP basic authentication. */
export interface Credentials {
  readonly user: string
  readonly password?: Secret
}

/** Bytes for a file: text at hand, a secret, raw bytes, a file of the controller, or a URL that the controller fetches. */
export type Content =
  | { readonly text: string | Secret }
  | { readonly bytes: Buffer }
  | { readonly file: string }
  | {
      readonly url: string
      readonly headers?: Readonly<Record<string, string>>
      readonly auth?: Credentials
      readonly via?: 'controller' | 'target'
      readonly ca?: string
      readonly insecure?: boolean
      readonly timeout?: number
    }

/** Replaces a file as a whole: part file beside it, size and sha256 checked, owner and mode set, synced, renamed, directory synced. */
export interface Put {
  readonly kind: 'put'
  readonly path: string
  readonly content: Content
  /** Octal text such as `0644`; when absent an existing file keeps its own and a new one gets 0644 (0600 for secrets). */
  readonly mode?: string
  readonly owner?: string
  readonly group?: string
  /** Keeps the old file as PATH.PID.DATE~ like Ansible, and reports `backup_file`. */
  readonly backup?: boolean
  /** A command with `%s` for the part file; the old file stays when it fails. */
  readonly validate?: string
  /** Expected digest of the content, `sha256:...` or another algorithm of node:crypto; refused when it differs. */
  readonly checksum?: string
}

/** Unpacks an archive into a directory of the target, streamed, never staged whole. */
export interface Unpack {
  readonly kind: 'unpack'
  /** A file of the controller, what was in one that is vaulted, or a file of the target. */
  readonly source:
    | { readonly file: string }
    | { readonly bytes: Buffer; readonly of: string }
    | { readonly remote: string }
  readonly format: 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst' | 'tar.bz2' | 'zip'
  readonly into: string
  /** Extra words for tar, already checked by the module. */
  readonly options?: readonly string[]
  readonly owner?: string
  readonly group?: string
  readonly mode?: string
}

/** Streams what is missing of a registry's storage from an archive of the controller into the target's storage directory. */
export interface Populate {
  readonly kind: 'populate'
  /** The archive as it was judged, and where in it the storage stands. */
  readonly archive: {
    readonly file: { readonly path: string; readonly size: number; readonly mtimeMs: number; readonly ino: number }
    readonly root: string
  }
  /** The directory of the target that holds `docker/registry/v2`. */
  readonly storage: string
  /** Blobs to bring, in the order of the archive; paths under `docker/registry/v2` hold their digests. */
  readonly blobs: readonly { readonly path: string; readonly size: number }[]
  /** Links to write once all blobs are there: layers and revisions first, tags last. */
  readonly links: readonly { readonly path: string; readonly content: string }[]
}

/** Makes keys and certificates: a CA on the controller, or a leaf signed by it whose pair is put on the target. */
export type Issue =
  | {
      readonly kind: 'issue'
      readonly what: 'ca'
      readonly dir: string
      readonly name: string
      readonly days: number
      readonly bits: number
    }
  | {
      readonly kind: 'issue'
      readonly what: 'leaf'
      /** Directory of the controller with ca.pem and ca-key.pem. */
      readonly ca: string
      readonly name: string
      readonly hosts: readonly string[]
      readonly days: number
      readonly bits: number
      /** Where the pair goes on the target. */
      readonly certificate: string
      readonly key: string
      readonly owner?: string
      readonly group?: string
    }

/** One HTTP request, made by the controller as if from the target. */
export interface Http {
  readonly kind: 'http'
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Secret
  readonly auth?: Credentials
  readonly ca?: string
  readonly insecure?: boolean
  readonly redirects: number
  /** Seconds. */
  readonly timeout: number
}

/** Waits until something is true of the target or its network. */
export interface Wait {
  readonly kind: 'wait'
  readonly until:
    | { readonly port: number; readonly host: string; readonly state: 'started' | 'stopped' }
    | { readonly path: string; readonly state: 'present' | 'absent'; readonly search?: string }
    | { readonly connection: true }
    | { readonly nothing: true }
  readonly delay: number
  readonly timeout: number
  readonly sleep: number
  /** Seconds that one try to connect to a port may take; 5 when absent. */
  readonly connectTimeout?: number
  readonly message?: string
}

/** What an effect brought about. `failed` says why it did not. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** More that modules of Ansible's name return (`status`, `elapsed`, `backup_file` ...). */
  readonly fields?: Dict
  readonly failed?: string
  readonly remedy?: string
}

/** Result fields as the language sees them. */
export type Fields = Readonly<Record<string, Value | undefined>>
