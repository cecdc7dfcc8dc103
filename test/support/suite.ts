import { suite as uvuSuite } from 'uvu'

type Body = () => unknown

/** A uvu suite in which every test has its own time limit and a skipped test says why. */
export interface Suite {
  (name: string, body: Body, limit?: number): void
  /** Declares that a test cannot run here; the runner counts it as skipped and prints the reason. */
  skip(name: string, reason: string): void
  only(name: string, body: Body, limit?: number): void
  before(body: Body): void
  after(body: Body): void
  run(): void
}

/** Default limit of one test, in milliseconds. */
const LIMIT = 10_000

/** Fails a body that has not settled within `limit` milliseconds, so that one hanging test cannot hang the run. */
const limited = (name: string, body: Body, limit: number) => async (): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`"${name}" took longer than ${limit} ms`)), limit)
  })
  try {
    await Promise.race([Promise.resolve().then(body), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Makes a suite; `run()` must be called at the end of the file (the runner fails a file that forgets it), once all tests are declared. */
export function suite(title: string): Suite {
  const inner = uvuSuite(title)
  let over = false
  // uvu takes it in silence, and never runs it.
  const early = (name: string): void => {
    if (over) throw new Error(`"${name}" is declared behind run() of ${title}: move run() to the end of the file`)
  }
  const outer = ((name, body, limit = LIMIT) => {
    early(name)
    inner(name, limited(name, body, limit))
  }) as Suite
  outer.only = (name, body, limit = LIMIT) => {
    early(name)
    inner.only(name, limited(name, body, limit))
  }
  outer.skip = (name, reason) => {
    early(name)
    console.log(`skipped: ${title}: ${name}: ${reason}`)
    inner.skip(name, () => undefined)
  }
  outer.before = body => inner.before(async () => void (await body()))
  outer.after = body => inner.after(async () => void (await body()))
  outer.run = () => {
    over = true
    inner.run()
  }
  return outer
}
