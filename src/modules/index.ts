// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { Module } from '../kit/module.ts'
import aclModule from './acl.ts'
import alternativesModule from './alternatives.ts'
import apkModule from './apk.ts'
import aptModule from './apt.ts'
import apt_keyModule from './apt_key.ts'
import apt_repositoryModule from './apt_repository.ts'
import archiveModule from './archive.ts'
import assembleModule from './assemble.ts'
import assertModule from './assert.ts'
import authorized_keyModule from './authorized_key.ts'
import blockinfileModule from './blockinfile.ts'
import commandModule from './command.ts'
import copyModule from './copy.ts'
import cronModule from './cron.ts'
import deb822_repositoryModule from './deb822_repository.ts'
import debconfModule from './debconf.ts'
import debugModule from './debug.ts'
import dnfModule from './dnf.ts'
import dnf5Module from './dnf5.ts'
import docker_compose_v2Module from './docker_compose_v2.ts'
import docker_containerModule from './docker_container.ts'
import docker_container_infoModule from './docker_container_info.ts'
import docker_host_infoModule from './docker_host_info.ts'
import docker_imageModule from './docker_image.ts'
import docker_image_buildModule from './docker_image_build.ts'
import docker_image_infoModule from './docker_image_info.ts'
import docker_image_loadModule from './docker_image_load.ts'
import docker_image_pullModule from './docker_image_pull.ts'
import docker_loginModule from './docker_login.ts'
import docker_networkModule from './docker_network.ts'
import docker_network_infoModule from './docker_network_info.ts'
import docker_pruneModule from './docker_prune.ts'
import docker_volumeModule from './docker_volume.ts'
import docker_volume_infoModule from './docker_volume_info.ts'
import dpkg_selectionsModule from './dpkg_selections.ts'
import failModule from './fail.ts'
import fetchModule from './fetch.ts'
import fileModule from './file.ts'
import findModule from './find.ts'
import firewalldModule from './firewalld.ts'
import gather_factsModule from './gather_facts.ts'
import get_urlModule from './get_url.ts'
import getentModule from './getent.ts'
import gitModule from './git.ts'
import groupModule from './group.ts'
import hostnameModule from './hostname.ts'
import htpasswdModule from './htpasswd.ts'
import ini_fileModule from './ini_file.ts'
import iptablesModule from './iptables.ts'
import k8s_secretModule from './k8s_secret.ts'
import known_hostsModule from './known_hosts.ts'
import lineinfileModule from './lineinfile.ts'
import locale_genModule from './locale_gen.ts'
import modprobeModule from './modprobe.ts'
import mountModule from './mount.ts'
import openssh_keypairModule from './openssh_keypair.ts'
import openssl_csrModule from './openssl_csr.ts'
import openssl_privatekeyModule from './openssl_privatekey.ts'
import packageModule from './package.ts'
import package_factsModule from './package_facts.ts'
import pacmanModule from './pacman.ts'
import pam_limitsModule from './pam_limits.ts'
import pamdModule from './pamd.ts'
import pingModule from './ping.ts'
import pipModule from './pip.ts'
import rawModule from './raw.ts'
import rebootModule from './reboot.ts'
import registry_caModule from './registry_ca.ts'
import registry_certModule from './registry_cert.ts'
import registry_checkModule from './registry_check.ts'
import registry_populateModule from './registry_populate.ts'
import registry_preflightModule from './registry_preflight.ts'
import registry_trustModule from './registry_trust.ts'
import replaceModule from './replace.ts'
import rpm_keyModule from './rpm_key.ts'
import scriptModule from './script.ts'
import sebooleanModule from './seboolean.ts'
import selinuxModule from './selinux.ts'
import serviceModule from './service.ts'
import service_factsModule from './service_facts.ts'
import set_factModule from './set_fact.ts'
import setupModule from './setup.ts'
import shellModule from './shell.ts'
import slurpModule from './slurp.ts'
import statModule from './stat.ts'
import synchronizeModule from './synchronize.ts'
import sysctlModule from './sysctl.ts'
import systemdModule from './systemd.ts'
import systemd_serviceModule from './systemd_service.ts'
import tempfileModule from './tempfile.ts'
import templateModule from './template.ts'
import timezoneModule from './timezone.ts'
import ufwModule from './ufw.ts'
import unarchiveModule from './unarchive.ts'
import uriModule from './uri.ts'
import userModule from './user.ts'
import wait_forModule from './wait_for.ts'
import wait_for_connectionModule from './wait_for_connection.ts'
import x509_certificateModule from './x509_certificate.ts'
import x509_certificate_infoModule from './x509_certificate_info.ts'
import yumModule from './yum.ts'
import yum_repositoryModule from './yum_repository.ts'
import zypperModule from './zypper.ts'
import zypper_repositoryModule from './zypper_repository.ts'

/** Every module, by the order of its file's name. */
export const modules: readonly Module[] = [
  aclModule,
  alternativesModule,
  apkModule,
  aptModule,
  apt_keyModule,
  apt_repositoryModule,
  archiveModule,
  assembleModule,
  assertModule,
  authorized_keyModule,
  blockinfileModule,
  commandModule,
  copyModule,
  cronModule,
  deb822_repositoryModule,
  debconfModule,
  debugModule,
  dnfModule,
  dnf5Module,
  docker_compose_v2Module,
  docker_containerModule,
  docker_container_infoModule,
  docker_host_infoModule,
  docker_imageModule,
  docker_image_buildModule,
  docker_image_infoModule,
  docker_image_loadModule,
  docker_image_pullModule,
  docker_loginModule,
  docker_networkModule,
  docker_network_infoModule,
  docker_pruneModule,
  docker_volumeModule,
  docker_volume_infoModule,
  dpkg_selectionsModule,
  failModule,
  fetchModule,
  fileModule,
  findModule,
  firewalldModule,
  gather_factsModule,
  get_urlModule,
  getentModule,
  gitModule,
  groupModule,
  hostnameModule,
  htpasswdModule,
  ini_fileModule,
  iptablesModule,
  k8s_secretModule,
  known_hostsModule,
  lineinfileModule,
  locale_genModule,
  modprobeModule,
  mountModule,
  openssh_keypairModule,
  openssl_csrModule,
  openssl_privatekeyModule,
  packageModule,
  package_factsModule,
  pacmanModule,
  pam_limitsModule,
  pamdModule,
  pingModule,
  pipModule,
  rawModule,
  rebootModule,
  registry_caModule,
  registry_certModule,
  registry_checkModule,
  registry_populateModule,
  registry_preflightModule,
  registry_trustModule,
  replaceModule,
  rpm_keyModule,
  scriptModule,
  sebooleanModule,
  selinuxModule,
  serviceModule,
  service_factsModule,
  set_factModule,
  setupModule,
  shellModule,
  slurpModule,
  statModule,
  synchronizeModule,
  sysctlModule,
  systemdModule,
  systemd_serviceModule,
  tempfileModule,
  templateModule,
  timezoneModule,
  ufwModule,
  unarchiveModule,
  uriModule,
  userModule,
  wait_forModule,
  wait_for_connectionModule,
  x509_certificateModule,
  x509_certificate_infoModule,
  yumModule,
  yum_repositoryModule,
  zypperModule,
  zypper_repositoryModule,
]
