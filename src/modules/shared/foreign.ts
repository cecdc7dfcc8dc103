import type { Module } from '../../kit/module.ts'
import { refuse } from '../../kit/plan.ts'

const COMMAND = 'use command or shell, with creates, removes or changed_when to say when it changes something'

/** Modules that people write and that regplay has not, by what they get on with: collection and names. */
const FOREIGN: readonly [remedy: string, names: Readonly<Record<string, string>>][] = [
  [
    'packages are managed on Debian and its kin; elsewhere use command',
    {
      'ansible.builtin': 'dnf dnf5 yum yum_repository rpm_key',
      'community.general':
        'apk copr dnf_config_manager dnf_versionlock homebrew opkg openbsd_pkg pacman pacman_key pkgin pkgng portage redhat_subscription rhsm_release rhsm_repository rpm_ostree_pkg snap xbps yum_versionlock zypper zypper_repository flatpak',
    },
  ],
  [
    'SELinux is not managed; use command (setsebool, semanage, setenforce)',
    {
      'ansible.posix': 'seboolean selinux',
      'community.general': 'sefcontext selinux_permissive selogin seport',
    },
  ],
  [
    'firewalls are not managed; put their rules into a file with template, and reload it by a handler',
    { 'ansible.builtin': 'iptables', 'ansible.posix': 'firewalld', 'community.general': 'nftables ufw' },
  ],
  [
    COMMAND,
    {
      'ansible.builtin':
        'apt_key assemble cron debconf dpkg_selections expect fetch git known_hosts pip reboot subversion sysvinit tempfile wait_for_connection',
      'ansible.posix': 'acl at authorized_key patch synchronize',
      'community.general':
        'alternatives archive capabilities composer cpanm filesystem gem haproxy htpasswd interfaces_file iso_extract java_keystore kernel_blacklist launchd locale_gen lvg lvol make modprobe monit nmcli npm open_iscsi pamd parted pids read_csv runit supervisorctl sudoers svc terraform xattr xml',
      'community.crypto':
        'certificate_complete_chain get_certificate openssh_cert openssh_keypair openssl_csr openssl_dhparam openssl_pkcs12 openssl_privatekey openssl_publickey x509_certificate x509_certificate_info',
      'community.docker':
        'docker_compose docker_compose_v2 docker_container_exec docker_container_info docker_host_info docker_image_build docker_image_info docker_image_load docker_image_pull docker_image_push docker_image_tag docker_login docker_network docker_network_info docker_prune docker_swarm docker_volume docker_volume_info',
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
