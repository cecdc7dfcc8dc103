import type { Content } from '../../kit/effect.ts'
import { type Format, formatOf } from '../../questions/archives.ts'
import { isUrl, plainly } from './http.ts'

/** Whether the archive is no file of the controller. */
export const isRemote = ({ remote_src, copy }: { remote_src: boolean; copy: boolean }): boolean => remote_src || !copy

/** The format by the name of a file, or by the path of a URL. */
export const formatNamed = (src: string): Format | undefined =>
  formatOf(/^\w+:\/\//.test(src) ? src.replace(/[?#].*$/s, '') : src)

/** Whether the target fetches the archive from a web server. */
export const isWeb = (args: { src: string; remote_src: boolean; copy: boolean }): boolean =>
  isRemote(args) && isUrl(args.src)

/** How the archive is fetched. */
export const webOf = ({
  src: url,
  validate_certs,
}: {
  src: string
  validate_certs: boolean
}): Extract<Content, { url: string }> => ({
  ...plainly(url, validate_certs),
  via: 'target',
})
