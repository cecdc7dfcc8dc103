import { distance } from '../../base/nearest.ts'
import type { Module } from '../../kit/module.ts'
import { refuse } from '../../kit/plan.ts'

const COMMAND = 'use command or shell, with creates, removes or changed_when to say when it changes something'

/** Modules that people write and that regplay has not, by what they get on with: collection and names. */
const FOREIGN: readonly [remedy: string, names: Readonly<Record<string, string>>][] = [
  [
    'this way to packages is not managed; use command',
    {
      'community.general':
        'copr dnf_config_manager dnf_versionlock homebrew opkg openbsd_pkg pacman_key pkgin pkgng portage redhat_subscription rhsm_release rhsm_repository rpm_ostree_pkg snap xbps yum_versionlock flatpak',
    },
  ],
  [
    'of SELinux, its mode and its switches are managed (selinux, seboolean); use command for the rest',
    {
      'community.general': 'sefcontext selinux_permissive selogin seport',
    },
  ],
  [
    'of firewalls, iptables, ufw and firewalld are managed; put other rules into a file with template, and reload it by a handler',
    { 'community.general': 'nftables' },
  ],
  [
    COMMAND,
    {
      'ansible.builtin': 'expect subversion sysvinit',
      'ansible.posix': 'at patch',
      'community.general':
        'capabilities composer cpanm filesystem gem haproxy interfaces_file iso_extract java_keystore kernel_blacklist launchd lvg lvol make monit nmcli npm open_iscsi parted pids read_csv runit supervisorctl sudoers svc terraform xattr xml',
      'community.crypto':
        'certificate_complete_chain get_certificate openssh_cert openssl_dhparam openssl_pkcs12 openssl_publickey',
      'community.docker': 'docker_compose docker_container_exec docker_image_push docker_image_tag docker_swarm',
      'community.mysql': 'mysql_db mysql_query mysql_user mysql_variables',
      'community.postgresql': 'postgresql_db postgresql_ext postgresql_privs postgresql_query postgresql_user',
      'kubernetes.core': 'helm helm_repository k8s k8s_info',
    },
  ],
]

/** Takes any arguments, and refuses whoever gets to it. */
const standIn = (name: string, collection: string, remedy: string): Module => ({
  name,
  collection,
  summary: '',
  args: {
    type: 'object',
    additionalProperties: {},
    properties: { _raw_params: {} },
    freeForm: '_raw_params',
  },
  local: false,
  refused: remedy,
  probe: () => ({}),
  plan: (_, __, host) => refuse(`the module '${name}' of Ansible is not supported (on ${host.name})`, remedy),
})

/** Modules of Ansible that are known by name only, so that roles for many systems can be used on those that we manage. */
export const foreign: readonly Module[] = FOREIGN.flatMap(([remedy, names]) =>
  Object.entries(names).flatMap(([collection, words]) =>
    words.split(' ').map(name => standIn(name, collection, remedy)),
  ),
)

const WINDOWS = 'machines with Windows are not managed'
const ELSEWHERE = `modules of other collections do not run here: ${COMMAND}`

/** So many slips of the hand make a collection that nobody has from one that is known. */
const SLIPS = 2

/**
 * Modules by their short names, and besides any that is named in full, of a collection of which none is known, or that is one
 * for Windows: roles name such for other systems and services. A name that is nearly one of a known collection is none.
 */
export function byName(known: readonly Module[]): ReadonlyMap<string, Module> {
  const collections = new Set(known.map(module => module.collection))
  const strangers = new Map<string, Module>()
  const stranger = (name: string): Module | undefined => {
    const [, collection = '', short = ''] = /^([a-z]\w*\.[a-z]\w*)\.([a-z]\w*)$/.exec(name) ?? []
    const windows = /^win_\w+$/.test(short || name)
    const ours = collection === '' || /^(?:regplay|ansible\.legacy$)/.test(collection) || collections.has(collection)
    const slip = [...collections].some(one => distance(one, collection, SLIPS + 1) <= SLIPS)
    if (!windows && (ours || slip)) return undefined
    const found = strangers.get(name) ?? standIn(name, collection, windows ? WINDOWS : ELSEWHERE)
    strangers.set(name, found)
    return found
  }
  return new (class extends Map<string, Module> {
    override get(name: string): Module | undefined {
      return super.get(name) ?? stranger(name)
    }
  })(known.map(module => [module.name, module]))
}
