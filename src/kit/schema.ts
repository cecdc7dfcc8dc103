/**
 * The JSON Schema of a module's arguments, and the TypeScript type that it means. Beside the standard keywords: `aliases`
 * (Ansible's other names of a parameter), `secret` (never shown, arrives as a `Secret`), `freeForm` (the parameter that takes
 * the text of `command: ls -l`), `path` (a path of the target).
 */
export interface ArgsSchema {
  readonly type: 'object'
  /** The name of an action that says by it whose options are wrong. */
  readonly title?: string
  readonly additionalProperties: false | PropertySchema
  readonly required?: readonly string[]
  readonly properties: Readonly<Record<string, PropertySchema>>
  /** The parameter that takes the words after the module's name. */
  readonly freeForm?: string
  /** Parameters that may not stand together. */
  readonly exclusive?: readonly (readonly string[])[]
  /** At least one of each list must be given. */
  readonly oneOf?: readonly (readonly string[])[]
  /** When the first is given, the others must be too. */
  readonly together?: readonly (readonly string[])[]
}

export interface PropertySchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly description?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly default?: unknown
  readonly items?: PropertySchema
  readonly properties?: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | PropertySchema
  /**
   * What no pattern can say of a list: what is wrong with it, and with which of its items. What only a host can tell is
   * `undefined` in it.
   */
  readonly judge?: (
    items: readonly unknown[],
  ) => { readonly index: number; readonly why: string; readonly remedy: string } | undefined
  readonly aliases?: readonly string[]
  readonly secret?: true
  readonly path?: true
  /**
   * A file of the controller, or of a list each: looked for in these folders of role and playbook, arrives as an absolute path.
   * With `playbook` it need not be there yet: a relative path is one below the playbook's folder.
   */
  readonly controller?: 'files' | 'templates' | 'playbook'
  /** ... unless this boolean parameter is true (`remote_src`). */
  readonly controllerUnless?: string
  /** ... and only where these parameters have these values (`mode: pull`). */
  readonly controllerIf?: Readonly<Record<string, string>>
  /** ... and only the first word is that file; the others are for whoever runs it. */
  readonly controllerFirst?: true
  /** Not given by people: the text that the template file named by this parameter renders to. */
  readonly renders?: string
  /**
   * Not given by people: `no`, or where the task is delegated to, `itself` (the host that it is for) or `elsewhere`.
   */
  readonly delegation?: true
  /** Text of the language that the engine evaluates: arrives as an `Expression`. */
  readonly expression?: true
  /** What an expression that is undefined counts as, `{why}` being the reason; without it that is a fault. */
  readonly whenUndefined?: string
  /** Ansible has it and regplay refuses it: the reason, for `regplay check`. */
  readonly refused?: string
}

/** Whether the engine gives this parameter, and people do not. */
export const isMade = ({ renders, delegation }: PropertySchema): boolean => renders !== undefined || delegation === true

/** An expression as a module gets it: what was written, and what it evaluated to (plain JSON data). */
export interface Expression {
  readonly source: string
  readonly value: unknown
  readonly truthy: boolean
  /** What people should know where it has no value of its own. */
  readonly warning?: string
}

/** The type of one value by its schema. A property without `type` is any language value, as plain JSON data. */
export type FromProperty<S> = S extends { readonly secret: true }
  ? import('../base/secret.ts').Secret
  : S extends { readonly expression: true }
    ? Expression
    : S extends { readonly enum: readonly (infer E)[] }
      ? E
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'integer' | 'number' }
          ? number
          : S extends { readonly type: 'boolean' }
            ? boolean
            : S extends { readonly type: 'array'; readonly items: infer I }
              ? readonly FromProperty<I>[]
              : S extends { readonly type: 'array' }
                ? readonly unknown[]
                : S extends { readonly type: 'object'; readonly properties: infer P }
                  ? { readonly [K in keyof P]?: FromProperty<P[K]> }
                  : S extends { readonly type: 'object'; readonly additionalProperties: infer A extends PropertySchema }
                    ? Readonly<Record<string, FromProperty<A>>>
                    : S extends { readonly type: 'object' }
                      ? Readonly<Record<string, unknown>>
                      : unknown

type Names<R> = R extends readonly (infer N)[] ? N : never

/** The properties that are there for certain: required ones and ones with a default. */
type Sure<S extends ArgsSchema> =
  | Extract<Names<S['required']>, keyof S['properties']>
  | {
      [K in keyof S['properties']]: S['properties'][K] extends { readonly default: unknown } ? K : never
    }[keyof S['properties']]

/** The arguments' type by their schema. */
export type FromSchema<S extends ArgsSchema> = {
  readonly [K in Sure<S>]: FromProperty<S['properties'][K]>
} & {
  readonly [K in Exclude<keyof S['properties'], Sure<S>>]?: FromProperty<S['properties'][K]>
}
