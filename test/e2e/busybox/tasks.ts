/** Arguments of a module, or its free form. */
type Args = Readonly<Record<string, unknown>> | string
/** How a task ends the first and the second time; words stand in the message of one that fails. */
export type End = 'changed' | 'ok' | 'skipped' | { readonly failed: string }

/** A task that does its work on a host with BusyBox only. `dir` is a folder of the controller. */
export interface Works {
  readonly module: string
  readonly args: Args
  readonly ends: readonly [first: End, second: End]
}

/** A task that cannot be done there, and the tool that its message must name. */
export interface Refused {
  readonly module: string
  readonly args: Args
  readonly tool: string
}

const makes = (module: string, args: Args): Works => ({ module, args, ends: ['changed', 'ok'] })
const reads = (module: string, args: Args): Works => ({ module, args, ends: ['ok', 'ok'] })
const acts = (module: string, args: Args): Works => ({ module, args, ends: ['changed', 'changed'] })
const refused = (module: string, args: Args, tool: string): Refused => ({ module, args, tool })

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZvb2Jhcm9v'
const SERVER = 'http://127.0.0.1:8080'

/** In this order: later tasks rest on what earlier ones made. */
export const WORKS: readonly Works[] = [
  reads('ping', {}),
  reads('setup', {}),
  reads('gather_facts', {}),
  reads('service_facts', {}),
  reads('set_fact', { colour: 'red' }),
  reads('assert', { that: "colour == 'red'" }),
  reads('debug', { var: 'colour' }),
  { module: 'fail', args: { msg: 'as it should' }, ends: [{ failed: 'as it should' }, { failed: 'as it should' }] },
  makes('file', { path: '/srv/app/conf.d', state: 'directory', mode: 'u=rwx,g=rx,o=', owner: 'nobody' }),
  makes('file', { path: '/srv/app/old', src: 'conf.d', state: 'link' }),
  makes('file', { path: '/srv/app/hard', src: '/etc/group', state: 'hard' }),
  acts('file', { path: '/srv/app/touched', state: 'touch', mode: '0600' }),
  makes('copy', { content: 'port = 1\n[a]\nx=1\n', dest: '/srv/app/conf.d/one.conf', mode: '0640', group: 'nogroup' }),
  makes('copy', { src: '{{ dir }}/tree', dest: '/srv' }),
  makes('copy', { src: '/srv/tree/', dest: '/srv/again', remote_src: true, backup: true, mode: 'preserve' }),
  makes('copy', { content: 'ok\n', dest: '/srv/app/valid', validate: 'grep -q ok %s' }),
  makes('template', { src: '{{ dir }}/hello.j2', dest: '/srv/app/conf.d/two.conf' }),
  makes('assemble', { src: '/srv/app/conf.d', dest: '/srv/app/whole', delimiter: '# next', regexp: 'conf$' }),
  makes('copy', { src: '/srv/app/whole', dest: '/srv/app/edited', remote_src: true, force: false }),
  makes('assemble', { src: '{{ dir }}/tree', dest: '/srv/app/sent', remote_src: false }),
  makes('lineinfile', { path: '/srv/app/edited', regexp: '^port = [12]', line: 'port = 2', backup: true }),
  makes('blockinfile', { path: '/srv/app/edited', block: 'a\nb', insertbefore: 'BOF' }),
  makes('replace', { path: '/srv/app/edited', regexp: '^x=1', replace: 'x=2' }),
  makes('ini_file', { path: '/srv/app/x.ini', section: 'server', option: 'port', value: '8443' }),
  makes('htpasswd', { path: '/srv/app/htpasswd', name: 'ann', password: 'ope+n3d', crypt_scheme: 'bcrypt' }),
  makes('k8s_secret', {
    path: '/srv/app/secret.yml',
    name: 'ours',
    registry_url: 'registry.example.org',
    username: 'puller',
    password: 'ope+n3d',
  }),
  reads('slurp', { src: '/srv/app/conf.d/one.conf' }),
  reads('stat', { path: '/srv/app/conf.d/one.conf', checksum_algorithm: 'sha256', get_mime: true }),
  reads('find', { paths: '/srv', patterns: '*.conf', recurse: true, get_checksum: true }),
  makes('synchronize', { src: '{{ dir }}/tree', dest: '/srv/synced', rsync_opts: ['--mkpath'] }),
  makes('synchronize', {
    src: '{{ dir }}/tree/',
    dest: '/srv/synced/again',
    delete: true,
    checksum: true,
    rsync_opts: ['--chmod=F600'],
  }),
  makes('synchronize', { src: '/srv/synced/', dest: '{{ dir }}/pulled', mode: 'pull', checksum: true }),
  makes('fetch', { src: '/srv/app/conf.d/one.conf', dest: '{{ dir }}/fetched' }),
  acts('tempfile', { suffix: '.x', prefix: 'made.' }),
  acts('tempfile', { state: 'directory' }),
  makes('archive', { path: '/srv/tree', dest: '/srv/tree.tar.gz' }),
  makes('archive', { path: '/srv/tree', dest: '/srv/tree.tar.bz2', format: 'bz2' }),
  ...['gz', 'tar.gz', 'tar.bz2', 'tar.xz', 'zip'].map(name =>
    makes('file', { path: `/srv/from.${name}`, state: 'directory' }),
  ),
  makes('unarchive', { src: '{{ dir }}/tree.tar.gz', dest: '/srv/from.gz', owner: 'nobody', mode: 'u=rwX,go=rX' }),
  makes('unarchive', { src: '/srv/tree.tar.gz', dest: '/srv/from.tar.gz', remote_src: true, list_files: true }),
  makes('unarchive', { src: '/srv/tree.tar.bz2', dest: '/srv/from.tar.bz2', remote_src: true, group: 'nogroup' }),
  makes('copy', { src: '{{ dir }}/tree.tar.xz', dest: '/srv/tree.tar.xz' }),
  makes('unarchive', { src: '/srv/tree.tar.xz', dest: '/srv/from.tar.xz', remote_src: true }),
  makes('copy', { src: '{{ dir }}/tree.zip', dest: '/srv/tree.zip' }),
  makes('unarchive', { src: '/srv/tree.zip', dest: '/srv/from.zip', remote_src: true, owner: 'nobody' }),
  makes('known_hosts', { name: 'git.example.org', key: `git.example.org ${KEY}`, path: '/root/.ssh/known_hosts' }),
  makes('authorized_key', { user: 'nobody', key: `${KEY} ann`, path: '/srv/keys', manage_dir: false }),
  makes('file', { path: '/etc/cron.d', state: 'directory' }),
  makes('cron', { name: 'check', cron_file: 'checks', user: 'root', hour: '3', job: '/bin/true' }),
  makes('file', { path: '/etc/security', state: 'directory' }),
  makes('pam_limits', { domain: 'app', limit_type: '-', limit_item: 'nofile', value: '65536' }),
  makes('file', { path: '/etc/pam.d', state: 'directory' }),
  makes('copy', { content: 'auth required pam_unix.so\n', dest: '/etc/pam.d/login', force: false }),
  makes('pamd', {
    name: 'login',
    type: 'auth',
    control: 'required',
    module_path: 'pam_unix.so',
    new_control: 'optional',
  }),
  makes('file', { path: '/etc/yum.repos.d', state: 'directory' }),
  makes('yum_repository', { name: 'tool', description: 'Tool', baseurl: 'https://packages.example.org/' }),
  makes('hostname', { name: 'box2' }),
  makes('sysctl', { name: 'net.ipv4.ip_forward', value: '1', sysctl_set: true }),
  ...['modules-load.d', 'modprobe.d'].map(name => makes('file', { path: `/etc/${name}`, state: 'directory' })),
  makes('modprobe', { name: 'br_netfilter', persistent: 'present', params: 'x=1' }),
  makes('mount', { path: '/srv/memory', src: 'none', fstype: 'tmpfs', state: 'mounted' }),
  reads('getent', { database: 'passwd', key: 'root' }),
  acts('command', { cmd: 'ls /srv' }),
  makes('command', { argv: ['touch', 'made'], chdir: '/srv', creates: 'made' }),
  acts('shell', 'echo "$HOME" | tr a-z A-Z >shouted; cat shouted'),
  acts('raw', 'cat /proc/uptime'),
  acts('script', '{{ dir }}/script.sh one "two words"'),
  reads('wait_for', { path: '/srv/app/valid', timeout: 5 }),
  reads('wait_for', { port: 22, timeout: 5 }),
  reads('wait_for_connection', { timeout: 20 }),
  acts('command', 'httpd -p 127.0.0.1:8080 -h /srv/tree'),
  reads('uri', { url: `${SERVER}/a%20file`, return_content: true }),
  makes('get_url', { url: `${SERVER}/a%20file`, dest: '/srv/app/got', mode: '0600' }),
  acts('command', 'killall httpd'),
  makes('registry_ca', { dir: '{{ dir }}/ca', name: 'Site' }),
  makes('registry_cert', {
    ca_dir: '{{ dir }}/ca',
    certificate: '/srv/c.crt',
    key: '/srv/c.key',
    hosts: ['registry.example.org'],
  }),
  reads('x509_certificate_info', { path: '/srv/c.crt' }),
  makes('registry_trust', { ca_dir: '{{ dir }}/ca', repo_host: 'registry.example.org' }),
  makes('file', { path: '/srv/registry/storage', state: 'directory' }),
  makes('registry_populate', { archive: '{{ dir }}/storage.tar.gz', storage: '/srv/registry/storage' }),
  reads('registry_preflight', {
    repo_host: 'registry.example.org:5000',
    ca_dir: '{{ dir }}/ca',
    cert_hosts: ['registry.example.org'],
    image: 'registry:2',
    root: '/srv/registry',
    certificate: '/srv/c.crt',
    key: '/srv/c.key',
  }),
  reads('registry_check', { repo_host: '127.0.0.1', ca_dir: '{{ dir }}/site', images: ['tools/app:1.4'] }),
  acts('reboot', { reboot_timeout: 30 }),
]

const IMAGE = { name: 'registry', tag: '2' }

/** In any order: none of them changes anything. */
export const REFUSED: readonly Refused[] = [
  refused('acl', { path: '/etc', entity: 'nobody', etype: 'user', permissions: 'r', state: 'present' }, 'setfacl'),
  refused('alternatives', { name: 'pager', path: '/bin/more', link: '/usr/bin/pager' }, 'update-alternatives'),
  refused('apk', { name: 'jq' }, 'apk'),
  refused('apt', { name: 'jq', update_cache: true }, 'apt-get'),
  refused('apt_key', { file: '/etc/hosts', keyring: '/etc/x.gpg' }, 'apt-key'),
  refused('apt_repository', { repo: 'deb https://packages.example.org/debian bookworm main' }, 'apt-get'),
  refused('deb822_repository', { name: 'tool', uris: 'https://packages.example.org/', suites: './' }, 'apt-get'),
  refused('debconf', { name: 'tzdata', question: 'tzdata/Areas', vtype: 'select', value: 'Europe' }, 'debconf'),
  refused('dnf', { name: 'jq' }, 'dnf'),
  refused('dnf5', { name: 'jq' }, 'dnf'),
  refused('docker_compose_v2', { project_src: '/srv/app' }, 'docker'),
  refused('docker_container', { name: 'registry', image: 'registry:2' }, 'docker'),
  refused('docker_container_info', { name: 'registry' }, 'docker'),
  refused('docker_host_info', {}, 'docker'),
  refused('docker_image', { ...IMAGE, source: 'pull' }, 'docker'),
  refused('docker_image_build', { ...IMAGE, path: '/srv/app' }, 'docker'),
  refused('docker_image_info', { name: 'registry:2' }, 'docker'),
  refused('docker_image_load', { path: '/etc/hosts' }, 'docker'),
  refused('docker_image_pull', IMAGE, 'docker'),
  refused('docker_login', { registry_url: 'registry.example.org', username: 'ann', password: 'ope+n3d' }, 'docker'),
  refused('docker_network', { name: 'backend' }, 'docker'),
  refused('docker_network_info', { name: 'backend' }, 'docker'),
  refused('docker_prune', { images: true }, 'docker'),
  refused('docker_volume', { name: 'data' }, 'docker'),
  refused('docker_volume_info', { name: 'data' }, 'docker'),
  refused('dpkg_selections', { name: 'tzdata', selection: 'hold' }, 'dpkg'),
  refused('firewalld', { port: '5000/tcp', permanent: true, state: 'enabled' }, 'firewalld'),
  refused('getent', { database: 'ahosts', key: 'localhost' }, 'getent'),
  refused('git', { repo: 'https://git.example.org/app.git', dest: '/srv/app/git' }, 'git'),
  refused('group', { name: 'app' }, 'groupadd'),
  refused('user', { name: 'ann', comment: 'Ann' }, 'useradd'),
  refused('cron', { name: 'check', hour: '3', job: '/bin/true' }, 'crontab'),
  refused('iptables', { chain: 'INPUT', protocol: 'tcp', destination_port: '5000', jump: 'ACCEPT' }, 'iptables'),
  refused('locale_gen', { name: 'de_CH.UTF-8' }, 'locales'),
  refused('openssh_keypair', { path: '/root/.ssh/id_backup', type: 'ed25519' }, 'ssh-keygen'),
  refused('openssl_privatekey', { path: '/etc/web.pem', size: 2048 }, 'openssl'),
  refused('openssl_csr', { path: '/etc/web.csr', privatekey_path: '/etc/web.pem', common_name: 'www' }, 'openssl'),
  refused(
    'x509_certificate',
    { path: '/etc/x', csr_path: '/etc/y', privatekey_path: '/etc/z', provider: 'selfsigned' },
    'openssl',
  ),
  refused('package', { name: 'jq' }, 'apt-get'),
  refused('package_facts', {}, 'apt, rpm, apk and pacman'),
  refused('pacman', { name: 'jq' }, 'pacman'),
  refused('pip', { name: 'requests' }, 'pip'),
  refused('rpm_key', { key: '/etc/hosts' }, 'rpm'),
  refused('zypper_repository', { name: 'tool', repo: 'https://packages.example.org/' }, 'zypper'),
  refused('seboolean', { name: 'x', state: true }, 'SELinux'),
  refused('selinux', { policy: 'targeted', state: 'enforcing' }, '/etc/selinux/config'),
  refused('service', { name: 'nginx', state: 'started' }, 'systemd'),
  refused('systemd', { name: 'nginx', state: 'started' }, 'systemd'),
  refused('systemd_service', { name: 'nginx', state: 'started' }, 'systemd'),
  refused('timezone', { name: 'Europe/Zurich' }, '/usr/share/zoneinfo'),
  refused('ufw', { rule: 'allow', port: '5000' }, 'ufw'),
  refused('yum', { name: 'jq' }, 'dnf'),
  refused('zypper', { name: 'jq' }, 'zypper'),
  refused('unarchive', { src: '{{ dir }}/tree.tar.zst', dest: '/srv' }, 'zstd'),
  refused('archive', { path: '/etc', dest: '/srv/x.zip', format: 'zip' }, 'zip'),
  refused('registry_check', { repo_host: '127.0.0.1', ca_dir: '{{ dir }}/site', pull: 'tools/app:1.4' }, 'docker'),
  refused('archive', { path: '/etc/hosts', dest: '/srv/x.xz', format: 'xz' }, 'xz that compresses'),
]
