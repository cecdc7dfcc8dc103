import type { Dice } from './dice.ts'
import { Expressions } from './expressions.ts'

/** What templates may include, import and extend. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  'inc.j2': 'inc {{ s }} {{ x is defined }}\n',
  'loop.j2': '{% for q in nums %}{{ q }}{{ loop.last }}{% endfor %}',
  'mac.j2':
    '{% set version = 3 %}\n{% macro hi(a, b=2) -%} hi {{ a }}{{ b }} {{ caller() if caller is defined }} {%- endmacro %}\n{% macro _own() %}{% endmacro %}',
  'base.j2':
    '<{% block head %}base {{ s }}{% endblock %}|\n{% block body %}{% for i in [1, 2] %}{% block item scoped %}{{ i }}{% endblock %}{% endfor %}{% endblock %}>\n',
  'middle.j2': '{% extends "base.j2" %}{% block head %}[{{ super() }}]{% endblock %}',
}

const TEXTS = [
  'a',
  ' ',
  '\n',
  'x\n',
  '  ',
  '\n\n',
  ' b\n  ',
  '{',
  '}',
  '%',
  '#',
  '"',
  'é☃',
  '- ',
  ' -',
  '<p>',
  '\t',
  '{ {',
  '}}',
  '%}',
  '😀',
] as const
const LOOPED = [
  'loop.index',
  'loop.index0',
  'loop.revindex',
  'loop.first',
  'loop.last',
  'loop.length',
  'loop.cycle("a", "b")',
  'loop.depth',
  'loop.previtem | default("-")',
  'loop.nextitem | d("-")',
  'loop.changed(x)',
  'x',
  'x | string',
  'loop.revindex0',
] as const

/** Writes templates of statements in each other. */
export class Templates {
  readonly #dice: Dice
  readonly #expressions: Expressions

  constructor(dice: Dice) {
    this.#dice = dice
    this.#expressions = new Expressions(dice)
  }

  template(): string {
    const dice = this.#dice
    if (dice.once(15)) return this.#child()
    return this.#body(3)
  }

  /** A template that extends another. */
  #child(): string {
    const dice = this.#dice
    const block = () => {
      const name = dice.pick(['head', 'body', 'item', 'other'])
      return `${this.#open()} block ${name} ${this.#close()}${this.#body(1)}${dice.once(2) ? '{{ super() }}' : ''}{% endblock %}`
    }
    const blocks = new Map(dice.some(0, 3, block).map(text => [/block (\w+)/.exec(text)?.[1], text]))
    return `{% extends ${dice.pick(['"base.j2"', '"middle.j2"'])} %}${dice.pick(TEXTS)}${[...blocks.values()].join(dice.pick(TEXTS))}`
  }

  #body(depth: number): string {
    return this.#dice.some(1, depth + 2, () => this.#piece(depth)).join('')
  }

  #open(): string {
    return this.#dice.pick(['{%', '{%', '{%', '{%-', '{%+'])
  }

  #close(): string {
    return this.#dice.pick(['%}', '%}', '%}', '-%}', '+%}'])
  }

  #tag(inner: string): string {
    return `${this.#open()} ${inner} ${this.#close()}`
  }

  #within<T>(names: readonly string[], make: () => T): T {
    const before = this.#expressions.bound
    this.#expressions.bound = [...before, ...names]
    try {
      return make()
    } finally {
      this.#expressions.bound = before
    }
  }

  #piece(depth: number): string {
    const dice = this.#dice
    if (depth <= 0 || dice.once(3)) return dice.once(2) ? dice.pick(TEXTS) : this.#print(2)
    return dice.pick([
      () => this.#print(3),
      () => this.#if(depth - 1),
      () => this.#for(depth - 1),
      () => this.#for(depth - 1),
      () => this.#set(depth - 1),
      () => this.#macro(depth - 1),
      () => this.#composition(),
      () => this.#other(depth - 1),
    ])()
  }

  #print(depth: number): string {
    const dice = this.#dice
    return `${dice.pick(['{{', '{{', '{{-'])} ${this.#expressions.any(depth)} ${dice.pick(['}}', '}}', '-}}'])}`
  }

  #if(depth: number): string {
    const dice = this.#dice
    const test = () => this.#expressions.of('bool', 2)
    const elif = dice.once(3) ? `${this.#tag(`elif ${test()}`)}${this.#body(depth)}` : ''
    const otherwise = dice.once(2) ? `${this.#tag('else')}${this.#body(depth)}` : ''
    return `${this.#tag(`if ${test()}`)}${this.#body(depth)}${elif}${otherwise}${this.#tag('endif')}`
  }

  #for(depth: number): string {
    const dice = this.#dice
    if (dice.once(8))
      return `${this.#tag('for x in nested recursive')}{{ x if x is number else "" }}{% if x is iterable %}<{{ loop(x) }}{{ loop.depth }}>{% endif %}${this.#tag('endfor')}`
    const [target, over] = dice.pick([
      ['x', this.#expressions.of('list', 2)],
      ['k, x', `(${this.#expressions.of('dict', 1)}).items()`],
      ['x', this.#expressions.of('str', 1)],
      ['(k, (x, y))', '[(1, (2, 3)), (4, (5, 6))]'],
      ['x', 'range(3)'],
    ] as const)
    const inside = this.#within(target.match(/\w/g) ?? [], () => {
      const filter = dice.once(4) ? ` if ${this.#expressions.of('bool', 2)}` : ''
      const looped = dice.once(2) ? `{{ ${dice.pick(LOOPED)} }}` : ''
      const jump = dice.once(6)
        ? `{% if ${this.#expressions.of('bool', 1)} %}{% ${dice.pick(['break', 'continue'])} %}{% endif %}`
        : ''
      return [filter, looped + jump + this.#body(depth)] as const
    })
    const otherwise = dice.once(4) ? `${this.#tag('else')}${this.#body(depth)}` : ''
    return `${this.#tag(`for ${target} in ${over}${inside[0]}`)}${inside[1]}${otherwise}${this.#tag('endfor')}`
  }

  #set(depth: number): string {
    const dice = this.#dice
    const name = dice.pick(['v', 'w', 's', 'x'])
    return dice.pick([
      () =>
        `${this.#tag(`set ${name} = ${this.#expressions.any(2)}`)}${this.#within([name], () => this.#body(depth))}{{ ${name} }}`,
      () => `${this.#tag('set v, w = 1, "two"')}{{ v }}{{ w }}`,
      () =>
        `${this.#tag(`set v${dice.pick(['', ' | upper', ' | trim | length'])}`)}${this.#body(depth)}${this.#tag('endset')}{{ v }}`,
      () =>
        `{% set ns = namespace(a=1) %}{% for q in nums %}{% set ns.a = ns.a + q %}{% set v = q %}{% endfor %}{{ ns.a }}{{ v | default("unset") }}`,
      () =>
        `{% set l = [] %}{% do l.append(${this.#expressions.any(1)}) %}{{ l }}{% do l.extend([1, 2]) %}{{ l | length }}{{ l.pop() }}`,
      () =>
        `{% set m = {} %}{% do m.update({"a": ${this.#expressions.any(1)}}) %}{{ m }}{{ m.pop("a", 0) }}{{ m.setdefault("q", 1) }}`,
    ])()
  }

  #macro(depth: number): string {
    const dice = this.#dice
    const body = this.#within(['a', 'b'], () => this.#body(depth))
    const extra = dice.pick([
      '',
      '{{ varargs }}',
      '{{ kwargs }}',
      '{{ caller() if caller is defined else "-" }}',
      '{{ varargs | length }}{{ kwargs | dictsort }}',
    ])
    const call = dice.pick([
      'm(1)',
      'm(1, b=2)',
      'm()',
      'm(s, n)',
      'm(b=s)',
      'm(1, 2, 3)',
      'm(1, z=3)',
      'm(*nums)',
      'm(**sub)',
      'm.name',
      'm.arguments',
    ])
    const made = `${this.#tag(`macro m(a, b=${this.#expressions.any(1)})`)}${body}${extra}${this.#tag('endmacro')}{{ ${call} }}`
    return dice.once(4) ? `${made}${this.#tag('call m(1)')}${this.#body(depth)}${this.#tag('endcall')}` : made
  }

  #composition(): string {
    const dice = this.#dice
    return dice.pick([
      '{% include "inc.j2" %}',
      '{% include ["nope.j2", "loop.j2"] %}',
      '{% include "nope.j2" ignore missing %}',
      '{% set x = 1 %}{% include "inc.j2" %}',
      '{% import "mac.j2" as lib %}{{ lib.hi(s) }}{{ lib.version }}',
      '{% from "mac.j2" import hi as hey, version with context %}{{ hey(1, b=version) }}',
      '{% from "mac.j2" import hi %}{% call hi(2) %}called{% endcall %}',
      '{% block own %}block {{ s }}{% endblock %}{{ self.own() }}',
      '{% block own2 required %}{% endblock %}',
    ])
  }

  #other(depth: number): string {
    const dice = this.#dice
    return dice.pick([
      () =>
        `${this.#tag(`with v = ${this.#expressions.any(1)}, w = n`)}${this.#within(['v', 'w'], () => this.#body(depth))}{{ v }}${this.#tag('endwith')}`,
      () =>
        `${this.#tag(`filter ${dice.pick(['upper', 'replace("a", "b")', 'trim', 'indent(2)', 'lower'])}`)}${this.#body(depth)}${this.#tag('endfilter')}`,
      () => `{% raw ${dice.pick(['%}', '-%}'])}{{ not }} {% this %}\n{${dice.pick(['% endraw %}', '%- endraw -%}'])}`,
      () => `${dice.pick(['{#', '{#-'])} {{ hidden }} \n ${dice.pick(['#}', '-#}'])}${dice.pick(TEXTS)}`,
      () => `{% do ${this.#expressions.any(1)} %}`,
      () =>
        `{% autoescape ${dice.pick(['true', 'false'])} %}{{ html }}{{ html | safe }}{{ "<" ~ html }}{% endautoescape %}`,
      () =>
        `{% set c = cycler("a", "b") %}{{ c.next() }}{{ c.next() }}{{ c.current }}{% set j = joiner("|") %}{{ j() }}{{ j() }}`,
    ])()
  }
}
