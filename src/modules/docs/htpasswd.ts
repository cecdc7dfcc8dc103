import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Ann may ask the registry
  community.general.htpasswd:
    path: /srv/htpasswd
    name: ann
    password: '{{ ann_password }}'
    crypt_scheme: bcrypt
    mode: '0640'
`,
  needs: 'the variable ann_password',
  returns: {},
  differences: [
    'passlib is not needed: passwords are hashed by the controller, and only hashes reach the target.',
    'crypt_scheme takes apr_md5_crypt, bcrypt, ldap_sha1, md5_crypt, plaintext, sha256_crypt, sha512_crypt and portable ones; des_crypt and others of passlib are refused.',
    'A password that is kept in a way that is not known here is replaced.',
    'Nothing of the file is shown in a diff.',
  ],
} satisfies ModuleDoc
