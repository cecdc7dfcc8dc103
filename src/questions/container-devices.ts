/** An entry of `device_requests`: what a container asks of a driver such as nvidia's. */
export interface DeviceRequest {
  readonly driver?: string
  readonly count?: number
  readonly device_ids?: readonly string[]
  readonly capabilities?: readonly (readonly string[])[]
  readonly options?: Readonly<Record<string, unknown>>
}

/** What `docker inspect` says of one. */
interface Found {
  readonly Driver?: string
  readonly Count?: number
  readonly DeviceIDs?: readonly string[] | null
  readonly Capabilities?: readonly (readonly string[])[] | null
  readonly Options?: Readonly<Record<string, string>> | null
}

/** What the docker command cannot ask for: it has one list of capabilities, to which it adds gpu. */
export function deviceRequestFault(request: DeviceRequest): string | undefined {
  const { capabilities = [['gpu']], count, device_ids } = request
  if (capabilities.length > 1) return 'device_requests has several lists of capabilities, of which one would do'
  if (!capabilities[0]?.includes('gpu')) return 'device_requests asks for something that is no gpu'
  if (count !== undefined && device_ids !== undefined) return 'device_requests has both count and device_ids'
  return undefined
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
const pairs = (options: Readonly<Record<string, unknown>> | null | undefined): string[] =>
  Object.entries(options ?? {})
    .map(([key, value]) => `${key}=${String(value ?? '')}`)
    .sort()

/** The words of `docker create`. */
export const deviceRequestWords = (given: unknown): string[] =>
  (given as readonly DeviceRequest[]).flatMap(request => {
    const { driver, count, device_ids, capabilities = [], options } = request
    const more = capabilities.flat().filter(one => one !== 'gpu')
    const fields = [
      ...(driver === undefined ? [] : [`driver=${driver}`]),
      ...(device_ids === undefined ? [`count=${count ?? 1}`] : [`device=${device_ids.join(',')}`]),
      ...(more.length === 0 ? [] : [`capabilities=${more.join(',')}`]),
      ...(pairs(options).length === 0 ? [] : [`options=${pairs(options).join(',')}`]),
    ]
    return ['--gpus', fields.map(quoted).join(',')]
  })

const text = (
  driver: string,
  count: number,
  ids: readonly string[],
  capabilities: readonly (readonly string[])[],
  options: readonly string[],
): string =>
  [
    `driver=${driver}`,
    ids.length === 0 ? `count=${count}` : `device_ids=${[...ids].sort().join(',')}`,
    `capabilities=${[...new Set(capabilities.flat())].sort().join(',')}`,
    `options=${options.join(',')}`,
  ].join(' ')

/** What is wanted, as texts that compare. */
export const deviceRequestsWanted = (given: unknown): string[] =>
  (given as readonly DeviceRequest[]).map(({ driver = '', count = 1, device_ids = [], capabilities = [], options }) =>
    text(driver, count, device_ids, [...capabilities, ['gpu']], pairs(options)),
  )

/** What a container has, as the same texts. */
export const deviceRequestsFound = (found: unknown): string[] =>
  ((found ?? []) as readonly Found[]).map(({ Driver = '', Count = 0, DeviceIDs, Capabilities, Options }) =>
    text(Driver, Count, DeviceIDs ?? [], Capabilities ?? [], pairs(Options)),
  )
