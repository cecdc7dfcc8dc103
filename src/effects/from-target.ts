import type { Asking } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import type { Wanted } from '../web/request.ts'

/** A request whose connection starts at the target, and goes through its proxies where it has some. */
export const fromTarget = <A extends Asking>(
  asking: A,
  { session, signal, proxies }: Place,
): A & Pick<Wanted, 'connect' | 'proxies' | 'signal'> => ({
  ...asking,
  signal,
  connect: (...to) => session.connect(...to),
  ...(asking.direct || proxies === undefined ? {} : { proxies }),
})
