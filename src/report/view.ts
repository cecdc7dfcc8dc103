import type { Paint } from './style.ts'

/** How a run is to look, beside what it says. */
export interface View {
  readonly paint: Paint
  /** Number of `-v`. */
  readonly verbosity: number
  /** Columns of the terminal; banners fill up to them. */
  readonly width?: number
  /** Results as YAML, or as JSON on several lines whatever Ansible does; else as Ansible does. */
  readonly results?: 'yaml' | 'pretty'
  /** Hosts that were `ok`, and what was skipped; shown unless told otherwise. */
  readonly ok?: boolean
  readonly skipped?: boolean
  /** Failures go to standard error. */
  readonly failuresApart?: boolean
  /** CHECK MODE stands in the titles of what only pretends. */
  readonly checkMarkers?: boolean
  /** Where the task of a failure stands. */
  readonly pathOfFailure?: boolean
  /** Lines around a change, and characters from which a text is too long to be compared. */
  readonly diffContext?: number
  readonly diffLongest?: number
  /** Each host that begins with a task is named. */
  readonly perHostStart?: boolean
  /** What `set_stats` gathered is shown below the recap. */
  readonly customStats?: boolean
  /** The last line says what was changed and how long it took. */
  readonly closing?: boolean
}

/** Where a view writes. */
export interface PlainOptions extends View {
  /** Lines for people and scripts; a text holds its line ends. */
  readonly out: (text: string) => void
  /** Warnings. */
  readonly err: (text: string) => void
}
