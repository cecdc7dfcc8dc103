// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { ModuleDoc } from '../../kit/module-doc.ts'
import aclDoc from './acl.ts'
import alternativesDoc from './alternatives.ts'
import apkDoc from './apk.ts'
import aptDoc from './apt.ts'
import apt_keyDoc from './apt_key.ts'
import apt_repositoryDoc from './apt_repository.ts'
import archiveDoc from './archive.ts'
import assembleDoc from './assemble.ts'
import assertDoc from './assert.ts'
import authorized_keyDoc from './authorized_key.ts'
import blockinfileDoc from './blockinfile.ts'
import commandDoc from './command.ts'
import copyDoc from './copy.ts'
import cronDoc from './cron.ts'
import deb822_repositoryDoc from './deb822_repository.ts'
import debconfDoc from './debconf.ts'
import debugDoc from './debug.ts'
import dnfDoc from './dnf.ts'
import dnf5Doc from './dnf5.ts'
import docker_compose_v2Doc from './docker_compose_v2.ts'
import docker_containerDoc from './docker_container.ts'
import docker_container_infoDoc from './docker_container_info.ts'
import docker_host_infoDoc from './docker_host_info.ts'
import docker_imageDoc from './docker_image.ts'
import docker_image_buildDoc from './docker_image_build.ts'
import docker_image_infoDoc from './docker_image_info.ts'
import docker_image_loadDoc from './docker_image_load.ts'
import docker_image_pullDoc from './docker_image_pull.ts'
import docker_loginDoc from './docker_login.ts'
import docker_networkDoc from './docker_network.ts'
import docker_network_infoDoc from './docker_network_info.ts'
import docker_pruneDoc from './docker_prune.ts'
import docker_volumeDoc from './docker_volume.ts'
import docker_volume_infoDoc from './docker_volume_info.ts'
import dpkg_selectionsDoc from './dpkg_selections.ts'
import failDoc from './fail.ts'
import fetchDoc from './fetch.ts'
import fileDoc from './file.ts'
import findDoc from './find.ts'
import firewalldDoc from './firewalld.ts'
import gather_factsDoc from './gather_facts.ts'
import get_urlDoc from './get_url.ts'
import getentDoc from './getent.ts'
import gitDoc from './git.ts'
import groupDoc from './group.ts'
import hostnameDoc from './hostname.ts'
import htpasswdDoc from './htpasswd.ts'
import ini_fileDoc from './ini_file.ts'
import iptablesDoc from './iptables.ts'
import k8s_secretDoc from './k8s_secret.ts'
import known_hostsDoc from './known_hosts.ts'
import lineinfileDoc from './lineinfile.ts'
import locale_genDoc from './locale_gen.ts'
import modprobeDoc from './modprobe.ts'
import mountDoc from './mount.ts'
import openssh_keypairDoc from './openssh_keypair.ts'
import openssl_csrDoc from './openssl_csr.ts'
import openssl_privatekeyDoc from './openssl_privatekey.ts'
import packageDoc from './package.ts'
import package_factsDoc from './package_facts.ts'
import pacmanDoc from './pacman.ts'
import pam_limitsDoc from './pam_limits.ts'
import pamdDoc from './pamd.ts'
import pingDoc from './ping.ts'
import pipDoc from './pip.ts'
import rawDoc from './raw.ts'
import rebootDoc from './reboot.ts'
import registry_caDoc from './registry_ca.ts'
import registry_certDoc from './registry_cert.ts'
import registry_checkDoc from './registry_check.ts'
import registry_populateDoc from './registry_populate.ts'
import registry_preflightDoc from './registry_preflight.ts'
import registry_trustDoc from './registry_trust.ts'
import replaceDoc from './replace.ts'
import rpm_keyDoc from './rpm_key.ts'
import scriptDoc from './script.ts'
import sebooleanDoc from './seboolean.ts'
import selinuxDoc from './selinux.ts'
import serviceDoc from './service.ts'
import service_factsDoc from './service_facts.ts'
import set_factDoc from './set_fact.ts'
import setupDoc from './setup.ts'
import shellDoc from './shell.ts'
import slurpDoc from './slurp.ts'
import statDoc from './stat.ts'
import synchronizeDoc from './synchronize.ts'
import sysctlDoc from './sysctl.ts'
import systemdDoc from './systemd.ts'
import systemd_serviceDoc from './systemd_service.ts'
import tempfileDoc from './tempfile.ts'
import templateDoc from './template.ts'
import timezoneDoc from './timezone.ts'
import ufwDoc from './ufw.ts'
import unarchiveDoc from './unarchive.ts'
import uriDoc from './uri.ts'
import userDoc from './user.ts'
import wait_forDoc from './wait_for.ts'
import wait_for_connectionDoc from './wait_for_connection.ts'
import x509_certificateDoc from './x509_certificate.ts'
import x509_certificate_infoDoc from './x509_certificate_info.ts'
import yumDoc from './yum.ts'
import yum_repositoryDoc from './yum_repository.ts'
import zypperDoc from './zypper.ts'
import zypper_repositoryDoc from './zypper_repository.ts'

/** What is told of each module, by its short name. */
export const moduleDocs: Readonly<Record<string, ModuleDoc>> = {
  acl: aclDoc,
  alternatives: alternativesDoc,
  apk: apkDoc,
  apt: aptDoc,
  apt_key: apt_keyDoc,
  apt_repository: apt_repositoryDoc,
  archive: archiveDoc,
  assemble: assembleDoc,
  assert: assertDoc,
  authorized_key: authorized_keyDoc,
  blockinfile: blockinfileDoc,
  command: commandDoc,
  copy: copyDoc,
  cron: cronDoc,
  deb822_repository: deb822_repositoryDoc,
  debconf: debconfDoc,
  debug: debugDoc,
  dnf: dnfDoc,
  dnf5: dnf5Doc,
  docker_compose_v2: docker_compose_v2Doc,
  docker_container: docker_containerDoc,
  docker_container_info: docker_container_infoDoc,
  docker_host_info: docker_host_infoDoc,
  docker_image: docker_imageDoc,
  docker_image_build: docker_image_buildDoc,
  docker_image_info: docker_image_infoDoc,
  docker_image_load: docker_image_loadDoc,
  docker_image_pull: docker_image_pullDoc,
  docker_login: docker_loginDoc,
  docker_network: docker_networkDoc,
  docker_network_info: docker_network_infoDoc,
  docker_prune: docker_pruneDoc,
  docker_volume: docker_volumeDoc,
  docker_volume_info: docker_volume_infoDoc,
  dpkg_selections: dpkg_selectionsDoc,
  fail: failDoc,
  fetch: fetchDoc,
  file: fileDoc,
  find: findDoc,
  firewalld: firewalldDoc,
  gather_facts: gather_factsDoc,
  get_url: get_urlDoc,
  getent: getentDoc,
  git: gitDoc,
  group: groupDoc,
  hostname: hostnameDoc,
  htpasswd: htpasswdDoc,
  ini_file: ini_fileDoc,
  iptables: iptablesDoc,
  k8s_secret: k8s_secretDoc,
  known_hosts: known_hostsDoc,
  lineinfile: lineinfileDoc,
  locale_gen: locale_genDoc,
  modprobe: modprobeDoc,
  mount: mountDoc,
  openssh_keypair: openssh_keypairDoc,
  openssl_csr: openssl_csrDoc,
  openssl_privatekey: openssl_privatekeyDoc,
  package: packageDoc,
  package_facts: package_factsDoc,
  pacman: pacmanDoc,
  pam_limits: pam_limitsDoc,
  pamd: pamdDoc,
  ping: pingDoc,
  pip: pipDoc,
  raw: rawDoc,
  reboot: rebootDoc,
  registry_ca: registry_caDoc,
  registry_cert: registry_certDoc,
  registry_check: registry_checkDoc,
  registry_populate: registry_populateDoc,
  registry_preflight: registry_preflightDoc,
  registry_trust: registry_trustDoc,
  replace: replaceDoc,
  rpm_key: rpm_keyDoc,
  script: scriptDoc,
  seboolean: sebooleanDoc,
  selinux: selinuxDoc,
  service: serviceDoc,
  service_facts: service_factsDoc,
  set_fact: set_factDoc,
  setup: setupDoc,
  shell: shellDoc,
  slurp: slurpDoc,
  stat: statDoc,
  synchronize: synchronizeDoc,
  sysctl: sysctlDoc,
  systemd: systemdDoc,
  systemd_service: systemd_serviceDoc,
  tempfile: tempfileDoc,
  template: templateDoc,
  timezone: timezoneDoc,
  ufw: ufwDoc,
  unarchive: unarchiveDoc,
  uri: uriDoc,
  user: userDoc,
  wait_for: wait_forDoc,
  wait_for_connection: wait_for_connectionDoc,
  x509_certificate: x509_certificateDoc,
  x509_certificate_info: x509_certificate_infoDoc,
  yum: yumDoc,
  yum_repository: yum_repositoryDoc,
  zypper: zypperDoc,
  zypper_repository: zypper_repositoryDoc,
}
