import { followed } from '../../shell/real-path.ts'
import { type Script, sh } from '../../shell/script.ts'

/** A wish for attributes as chattr takes it: without a sign, these and no others. */
export const chattrWord = (wish: string): string => (/^[-+=]/.test(wish) ? wish : `=${wish}`)

/** Letters that lsattr shows and chattr cannot set: they say how a file system holds a file. */
const FIXED = /[EhINV]/g

const letters = (text: string): string => [...new Set(text.replaceAll(FIXED, ''))].sort().join('')

/** Whether attributes, as the letters of lsattr, are as chattr is to make them. */
export function hasFlags(now: string, word: string): boolean {
  const wanted = word.slice(1)
  if (word.startsWith('+')) return [...wanted].every(letter => now.includes(letter))
  if (word.startsWith('-')) return ![...wanted].some(letter => now.includes(letter))
  return letters(now) === letters(wanted)
}

/** Sets attributes. chattr follows no link itself. */
export const chattr = (word: string, path: string, follow: boolean): Script =>
  follow ? sh`{ f=${path}; ${followed('f')} && chattr ${word} "$f"; }` : sh`chattr ${word} ${path}`
