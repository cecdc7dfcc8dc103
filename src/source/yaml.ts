import { type Event, parseEvents } from 'js-yaml'
import type { Diagnostic } from '../base/diagnostic.ts'
import { Lines } from './lines.ts'
import type { Node } from './node.ts'
import { Builder } from './yaml-build.ts'
import { syntaxFault } from './yaml-fault.ts'

/** Larger texts are refused: no playbook is that long, and every limit below rests on this one. */
export const LARGEST_SOURCE = 8 * 1024 * 1024

/** Collections may be nested this deep (js-yaml counts the scalar within as a level). */
const DEPTH = 100

export interface Parsed {
  /** null when the text holds no document, only comments, or cannot be read at all. */
  readonly node: Node | null
  readonly faults: Diagnostic[]
}

/**
 * Reads one YAML document as Ansible does (YAML 1.1), every node with its place. Faults that leave a tree are collected
 * beside it; a second document is a fault.
 * @param file the name that the places carry
 */
export function parseYaml(text: string, file: string): Parsed {
  const { documents, faults } = parseYamlAll(text, file)
  const second = documents[1]
  if (second)
    faults.push({
      code: 'yaml-documents',
      severity: 'error',
      message: `one document is expected, found ${documents.length}`,
      span: second.span,
      remedy: "remove the second '---', or split the file",
    })
  return { node: documents[0]?.node ?? null, faults }
}

interface Document {
  readonly node: Node | null
  readonly span: Node['span']
}

/** Reads all documents of a text; an empty text has none. */
export function parseYamlAll(source: string, file: string): { documents: Document[]; faults: Diagnostic[] } {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const span = { file, line: 1, col: 1, offset: 0 }
  if (text.length > LARGEST_SOURCE) return { documents: [], faults: [tooLarge(text.length, span)] }
  const lines = new Lines(text, file)
  let events: Event[]
  try {
    events = parseEvents(text, { maxDepth: DEPTH + 1 })
  } catch (error) {
    return { documents: [], faults: [syntaxFault(error, text, lines)] }
  }
  const builder = new Builder(text, lines, events)
  const documents: Document[] = []
  for (let document = builder.next(); document; document = builder.next()) documents.push(document)
  return { documents, faults: builder.faults }
}

const tooLarge = (size: number, span: Node['span']): Diagnostic => ({
  code: 'source-size',
  severity: 'error',
  message: `the text is ${(size / 1024 / 1024).toFixed(1)} MiB long, the limit is 8 MiB`,
  span,
  remedy: 'keep large data in files of their own and copy them',
})
