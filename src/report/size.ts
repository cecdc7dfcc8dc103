const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes for people: `812 B`, `1.4 MiB`, `310 GiB`. */
export function bytes(count: number): string {
  let amount = Math.max(0, count)
  let unit = 0
  // 999.5 would be printed as 1000: the next unit says it shorter.
  while (amount >= (unit === 0 ? 1024 : 999.5) && unit < UNITS.length - 1) {
    amount /= 1024
    unit++
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : 1
  return `${amount.toFixed(digits)} ${UNITS[unit]}`
}

/** Milliseconds for people: `340 ms`, `2.3 s`, `4 min 12 s`, `2 h 05 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(Math.max(0, ms))} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const two = (part: number) => String(part).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
}

/** How far a transfer has come. */
export interface Pace {
  readonly done: number
  readonly total: number | null
  /** Bytes a second; 0 while it cannot be told. */
  readonly rate: number
}

/** `12.0 MiB of 1.5 GiB (1%), 31.2 MiB/s, 49.2 s left` with what is known of it. */
export function pace({ done, total, rate }: Pace): string {
  const share = total === null || total <= 0 ? '' : ` of ${bytes(total)} (${Math.floor((100 * done) / total)}%)`
  const speed = rate > 0 ? `, ${bytes(rate)}/s` : ''
  const left = rate > 0 && total !== null && total > done ? `, ${duration(((total - done) / rate) * 1000)} left` : ''
  return `${bytes(done)}${share}${speed}${left}`
}
