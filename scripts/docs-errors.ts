// Writes the catalogue of error codes in docs/errors.md: node --import tsx scripts/docs-errors.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCodes, withCatalogue } from '../test/support/error-codes.ts'
import { sources } from '../test/support/imports.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}docs/errors.md`
writeFileSync(page, withCatalogue(readFileSync(page, 'utf8'), errorCodes(sources(root))))
