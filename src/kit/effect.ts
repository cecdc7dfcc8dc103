import type { Secret } from '../base/secret.ts'
import type { Dict, Value } from '../base/value.ts'
import type { Label } from '../shell/label.ts'
import type { Script } from '../shell/script.ts'

/**
 * Every way in which regplay touches the world. The list is closed: a new module is an everyday thing, a new effect is a
 * decision that is written down (docs/decisions/). Each is interpreted by the file of its name in `effects/`.
 */
export type Effect = Run | Feed | Put | Retrieve | Unpack | Mirror | Populate | Issue | Http | Wait | Reboot

/** Runs shell text on the target, stdin closed unless given. */
export interface Run {
  readonly kind: 'run'
  readonly script: Script
  /** Standard input of the script. */
  readonly stdin?: string | Secret
  /** Seconds until the script is ended; no limit when absent. */
  readonly timeout?: number
  /** A user of whom nothing may run any more: shells that were opened for him are ended first. */
  readonly leaves?: string
  /** The outcome says when it began and ended on the target: `start`, `end` and `delta`, as Ansible writes them. */
  readonly timed?: true
  /** What it says belongs to the result: `stdout` and `stderr`, whole and by lines. */
  readonly told?: boolean
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

/** Who asks a web server, by TLS: PEM of the certificate and of its key, which may stand in one text. */
export interface ClientCertificate {
  readonly cert: string | Secret
  readonly key?: Secret
}

/** How a web server is asked for something. */
export interface Asking {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly auth?: Credentials
  readonly client?: ClientCertificate
  /** PEM of the authorities to trust in place of the controller's own. */
  readonly ca?: string
  readonly insecure?: boolean
  /** What TLS up to 1.2 may use, in the words of OpenSSL. */
  readonly ciphers?: string
  /** Headers that do not follow a redirection. */
  readonly unredirected?: readonly string[]
  /** What the server compressed stays so. */
  readonly packed?: boolean
  /** The proxies of the environment are passed by. */
  readonly direct?: boolean
  /** Seconds. */
  readonly timeout?: number
}

/**
 * Bytes for a file: text at hand, a secret, raw bytes, a file of the controller, a URL that the controller fetches, or what
 * shell text of the target prints (a key that is born where it stays); status 0 says that all of it was printed.
 */
export type Content =
  | { readonly text: string | Secret }
  | { readonly made: Script }
  | { readonly bytes: Buffer }
  | { readonly file: string }
  | (Asking & {
      readonly via?: 'controller' | 'target'
      /** An existing file is replaced only by what the server has newer (`newer`) or otherwise (`other`); else always. */
      readonly only?: 'newer' | 'other'
      /** What is done to a file that therefore stays. */
      readonly kept?: Script
      /** Nothing is written: what would become of it, as far as the head of the answer, or else its bytes, can tell. */
      readonly trial?: true
    })

/** Replaces a file as a whole: part file beside it, size and sha256 checked, owner and mode set, synced, renamed, directory synced. */
export interface Put {
  readonly kind: 'put'
  readonly path: string
  readonly content: Content
  /** Octal text such as `0644`; when absent an existing file keeps its own and a new one gets 0644 (0600 for secrets). */
  readonly mode?: string
  readonly owner?: string
  readonly group?: string
  /** What its SELinux label is to be; when absent an existing file keeps its own and a new one gets what the policy says. */
  readonly label?: Label
  /** What chattr is to do once it is there, such as `+i`. */
  readonly attributes?: string
  /** Keeps the old file as PATH.PID.DATE~ like Ansible, and reports `backup_file`. */
  readonly backup?: boolean
  /** Another field that says the same as `backup_file`. */
  readonly backupField?: string
  /** A command with `%s` for the part file; the old file stays when it fails. */
  readonly validate?: string
  /** Expected digest of the content, `sha256:...` or another algorithm of node:crypto; refused when it differs. */
  readonly checksum?: string
}

/** Brings a file of the target to the controller, where it replaces a file as a whole; directories on the way are made. */
export interface Retrieve {
  readonly kind: 'retrieve'
  readonly path: string
  /** Controller path. */
  readonly to: string
  /** What the bytes must be, or the old file stays. */
  readonly sha1?: string
  /** Bytes to come, for those who wait. */
  readonly size?: number
}

/** Unpacks an archive into a directory of the target, streamed, never staged whole. */
export interface Unpack extends Pick<Put, 'owner' | 'group' | 'label'> {
  readonly kind: 'unpack'
  /** A file of the controller, what was in one that is vaulted, a file of the target, or what a web server has. */
  readonly source:
    | { readonly file: string }
    | { readonly bytes: Buffer; readonly of: string }
    | { readonly remote: string }
    | { readonly web: Extract<Content, { url: string }> }
  readonly format: 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst' | 'tar.bz2' | 'zip'
  readonly into: string
  /** Extra words for tar or unzip, already checked by the module. */
  readonly options?: readonly string[]
  /** What is meant of it, in the same tool's words; without it, all. */
  readonly members?: readonly string[]
  /** Files that are newer than their members stay. */
  readonly newer?: true
  /** Of what a web server has: nothing is unpacked, the outcome tells whether it would be. */
  readonly trial?: true
  /** Of what a web server has: the outcome tells the names that are meant, as `files`. */
  readonly list?: true
  readonly mode?: string
}

/** What a file, directory or link of a tree is to have; what is absent stays, or becomes as it is made. */
export interface Dressing {
  /** Below the directory that everything goes into, as a byte string (a sign a byte). */
  readonly path: string
  /** Never of a link. */
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  /** Seconds since 1970. */
  readonly mtime?: number
}

/**
 * Makes one tree as another is, from the controller to the target (`push`), the other way (`pull`) or on the target (`within`):
 * contents arrive whole in a directory of their own before the first one takes its name.
 */
export interface Mirror {
  readonly kind: 'mirror'
  readonly way: 'push' | 'pull' | 'within'
  /** The directory that contents come from. */
  readonly from: string
  /** The directory that everything goes into. */
  readonly into: string
  /** That directory is made: it alone, or those above it, too. */
  readonly make?: 'one' | 'all'
  /** Where contents wait, below `into`. */
  readonly stage: string
  /** What stands in the way and goes first, the deepest first. */
  readonly clear: readonly Removal[]
  readonly directories: readonly string[]
  readonly files: readonly (Dressing & { readonly source: string; readonly size: number })[]
  readonly links: readonly (Dressing & { readonly target: string })[]
  /** What goes once all is there, the deepest first. */
  readonly remove: readonly Removal[]
  /** What is there, or was made above, and gets something else, the deepest first. */
  readonly dress: readonly (Dressing & { readonly link: boolean })[]
}

export interface Removal {
  readonly path: string
  readonly directory: boolean
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
export interface Http extends Asking {
  readonly kind: 'http'
  readonly method: string
  readonly body?: string | Buffer | Secret
  readonly redirects: number
  /** No answer is an answer, too: its status is -1. */
  readonly lenient?: true
  /** Where an answer of one of these statuses goes on the target; what is there already is asked for only when it is newer. */
  readonly save?: Omit<Put, 'kind' | 'content'> & { readonly statuses: readonly number[] }
  readonly timeout: number
}

/** Waits until something is true of the target or its network. */
export interface Wait {
  readonly kind: 'wait'
  readonly until:
    | { readonly port: number; readonly host: string; readonly state: 'started' | 'stopped' }
    | { readonly path: string; readonly state: 'present' | 'absent'; readonly search?: Search }
    | { readonly connection: true }
    | { readonly nothing: true }
  readonly delay: number
  readonly timeout: number
  readonly sleep: number
  /** Seconds that one try to connect to a port may take; 5 when absent. */
  readonly connectTimeout?: number
  readonly message?: string
}

/** A text that is looked for in a file. */
export interface Search {
  /** As a person wrote it. */
  readonly pattern: string
  /** What the outcome tells where the text is there, else null. */
  find(text: string): Fields | null
}

/** Starts the target anew, and waits until it answers on another start. */
export interface Reboot {
  readonly kind: 'reboot'
  readonly command: Script
  /** Seconds between the command and the first look. */
  readonly delay: number
  /** Says another text after another start, and what it says now. */
  readonly boot: Script
  readonly was: string
  /** Its success means that the machine is fit for work. */
  readonly test: Script
  /** Seconds for each of the two. */
  readonly timeout: number
  /** Seconds that one try to connect may take. */
  readonly seconds?: number
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
