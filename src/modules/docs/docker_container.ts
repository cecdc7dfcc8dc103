import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The registry runs
  community.docker.docker_container:
    name: registry
    image: registry:2
    restart_policy: unless-stopped
    published_ports: ['443:5000']
    volumes:
      - /srv/registry/storage:/var/lib/registry
      - /srv/registry/certs:/certs:ro
    env:
      REGISTRY_HTTP_TLS_CERTIFICATE: /certs/server.crt
      REGISTRY_HTTP_TLS_KEY: /certs/server.key
    restart_after: [/srv/registry/certs/server.crt]

- name: A service among others, that is asked how it is
  community.docker.docker_container:
    name: app
    image: registry.example.org/tools/app:1.4
    networks:
      - name: backend
        aliases: [app]
    memory: 512m
    ulimits: ['nofile:1024:2048']
    healthcheck:
      test: wget -q -O /dev/null http://localhost:8080/
      interval: 1m30s
      retries: 3

- name: A database with its data in a volume, and scratch space in memory
  community.docker.docker_container:
    name: db
    image: registry.example.org/tools/db:15
    mounts:
      - {source: db, target: /var/lib/db, labels: {backup: nightly}}
      - {type: tmpfs, target: /scratch, tmpfs_size: 64m, tmpfs_mode: '1777'}
    device_requests:
      - {count: 1, capabilities: [[gpu, compute]]}

- name: What has to be done once, before the new version begins
  community.docker.docker_container:
    name: migration
    image: registry.example.org/tools/app:1.4
    command: migrate
    detach: false
    cleanup: true
  changed_when: true

- name: The old one is gone
  community.docker.docker_container:
    name: old-registry
    state: absent
`,
  needs: 'a Docker daemon',
  returns: {
    container: {
      type: 'object',
      when: 'always',
      what: 'What docker inspect says of it, and without detach as Output what it said; null in a dry run that would make it',
    },
    status: { type: 'integer', when: 'without detach', what: 'With which status it ended' },
  },
  differences: [
    'A dry run asks no registry, so with pull: always it does not tell of a newer image.',
    'Limits that the kernel does not know are left out with a warning, and are no difference; Ansible makes the container anew each time.',
    'Values of env need not be texts.',
    'A list of words in healthcheck.test becomes a line of the shell, since the docker command takes nothing else; a container that Ansible made of words is none the worse.',
    'device_requests are gpus, with one list of capabilities, which is what the docker command asks for.',
    'Another place in a network does not make the container anew; platform is not compared.',
    'mounts and volumes are compared by what is mounted: a folder that moves from the one to the other is no difference of volumes.',
    'A container that must be made anew takes the place of the old one only when it stays up; otherwise the old one comes back.',
    'A container that dies at once is a failure, and the end of its log is told.',
    'restart_after is not in Ansible.',
  ],
} satisfies ModuleDoc
