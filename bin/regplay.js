#!/usr/bin/env node
// The command. In a package `dist/` is there; in a checkout it is built from `src/` when it is missing or older.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`regplay needs Node 20.19 or newer; this is ${process.version}`)
  process.exit(70)
}

const root = fileURLToPath(new URL('..', import.meta.url))
const main = `${root}dist/main.js`

/** Whether a file under `folder`, or the folder itself (something was deleted), changed after `time`. */
const newer = (folder, time) =>
  statSync(folder).mtimeMs > time ||
  readdirSync(folder, { withFileTypes: true }).some(entry => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? newer(path, time) : statSync(path).mtimeMs > time
  })

if (existsSync(`${root}src`)) {
  const built = existsSync(main) ? statSync(main).mtimeMs : 0
  if (built === 0 || newer(`${root}src`, built)) {
    try {
      await (await import('../scripts/build.js')).build()
    } catch (error) {
      console.error(`regplay cannot be built from ${root}src: ${error.message}`)
      process.exit(70)
    }
  }
}
await import(main)
