#!/usr/bin/env node
// Bundles src/cli/main.ts into dist/: one entry, and a chunk for each command that is loaded only when it is called.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A run that began with older chunks may still want to load one of them: they stay this long, in milliseconds. */
const KEPT = 24 * 3600 * 1000

/**
 * Builds into `dist/`, or into another folder. Chunks are named by their content, so that builds at the same time, and runs during
 * one, do not harm each other.
 */
export async function build(dist = join(root, 'dist')) {
  const { build: bundle } = await import('esbuild')
  const begun = new Date()
  mkdirSync(dist, { recursive: true })
  const fresh = mkdtempSync(join(dist, '.new-'))
  try {
    await bundle({
      absWorkingDir: root,
      entryPoints: { main: 'src/cli/main.ts' },
      outdir: fresh,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      splitting: true,
      packages: 'external',
      sourcemap: true,
      logLevel: 'warning',
    })
    // What changed while we built is newer than the build.
    utimesSync(join(fresh, 'main.js'), begun, begun)
    const files = readdirSync(fresh)
    // The entry last: it names the others.
    files.sort((a, b) => Number(a === 'main.js') - Number(b === 'main.js'))
    for (const file of files) renameSync(join(fresh, file), join(dist, file))
    sweep(dist, new Set(files), begun.getTime() - KEPT)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Removes chunks of old builds. */
function sweep(dist, present, before) {
  for (const file of readdirSync(dist)) {
    const path = join(dist, file)
    if (!present.has(file) && statSync(path).mtimeMs < before) rmSync(path, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(process.argv[2])
