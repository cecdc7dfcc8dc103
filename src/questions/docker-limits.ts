import { ask, type TargetQuestion } from '../kit/question.ts'
import { type Script, sh } from '../shell/script.ts'

/** What docker says of limits that the kernel does not know, and which options of a container it then leaves out. */
const LIMITS: readonly (readonly [said: RegExp, options: readonly string[]])[] = [
  [/No memory limit support/, ['memory', 'memory_reservation', 'memory_swap']],
  [/No swap limit support/, ['memory_swap']],
  [/No cpu cfs quota support/, ['cpu_quota']],
  [/No cpu cfs period support/, ['cpu_period']],
  [/No cpu shares support/, ['cpu_shares']],
  [/No cpuset support/, ['cpuset_cpus', 'cpuset_mems']],
  [/No (?:io\.|blkio )weight support/, ['blkio_weight']],
  [/No (?:io\.max \(rbps\)|blkio throttle\.read_bps_device) support/, ['device_read_bps']],
  [/No (?:io\.max \(wbps\)|blkio throttle\.write_bps_device) support/, ['device_write_bps']],
  [/No (?:io\.max \(riops\)|blkio throttle\.read_iops_device) support/, ['device_read_iops']],
  [/No (?:io\.max \(wiops\)|blkio throttle\.write_iops_device) support/, ['device_write_iops']],
  [/^cgroup 2$/m, ['kernel_memory', 'memory_swappiness', 'oom_killer']],
]

/** Whether one of these arguments sets a limit that some kernels do not know. */
export const limited = (args: Readonly<Record<string, unknown>>): boolean =>
  LIMITS.some(([, options]) => options.some(name => args[name] !== undefined))

/** The options that the daemon takes and leaves out, since its kernel does not know them. */
export const leftOut = (docker: Script): TargetQuestion<ReadonlySet<string>> =>
  ask(
    sh`${docker} info --format '{{range .Warnings}}{{println .}}{{end}}cgroup {{.CgroupVersion}}' 2>/dev/null`,
    ['docker', 'unit:docker', 'package:docker'],
    answer => new Set(LIMITS.flatMap(([said, options]) => (said.test(answer.stdout) ? options : []))),
  )
