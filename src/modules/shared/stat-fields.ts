/** File types by the upper bits of st_mode, under the names of the fields that tell them. */
export const KINDS = { isdir: 4, ischr: 2, isblk: 6, isreg: 8, isfifo: 1, islnk: 10, issock: 12 } as const

const PERMISSIONS = {
  rusr: 0o400,
  wusr: 0o200,
  xusr: 0o100,
  rgrp: 0o040,
  wgrp: 0o020,
  xgrp: 0o010,
  roth: 0o004,
  woth: 0o002,
  xoth: 0o001,
  isuid: 0o4000,
  isgid: 0o2000,
} as const

/** What st_mode says, field by field, as `stat` and `find` return it. */
export const modeFields = (bits: number): Record<string, boolean | string> => ({
  mode: (bits & 0o7777).toString(8).padStart(4, '0'),
  ...Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, bits >> 12 === kind])),
  ...Object.fromEntries(Object.entries(PERMISSIONS).map(([name, bit]) => [name, (bits & bit) !== 0])),
})
