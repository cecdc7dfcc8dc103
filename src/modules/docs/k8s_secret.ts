import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A cluster may pull from our registry
  regplay.registry.k8s_secret:
    path: /tmp/pull-secret.yml
    name: our-registry
    namespace: apps
    registry_url: registry.example.org
    username: puller
    password: '{{ registry_password }}'
  vars:
    registry_password: from a vault

- name: The manifest of another one goes
  regplay.registry.k8s_secret:
    path: /tmp/old-pull-secret.yml
    name: old-registry
    state: absent
`,
  returns: {
    path: { type: 'string', when: 'always', what: 'The manifest' },
  },
  differences: [
    'It is not in Ansible: kubernetes.core.k8s applies what this puts into a file.',
    'The manifest is not applied: clusters read it from their folder of manifests (k3s: /var/lib/rancher/k3s/server/manifests), or a command task with kubectl apply does it.',
  ],
} satisfies ModuleDoc
