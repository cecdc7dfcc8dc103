/** Where a registry is: parameters that every module has which speaks to it or prepares for it. */
export const WHERE = {
  repo_host: {
    type: 'string',
    minLength: 1,
    description: 'Name or address of the registry, optionally with :port',
  },
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65535,
    default: 443,
    description: 'The port when repo_host names none',
  },
} as const
