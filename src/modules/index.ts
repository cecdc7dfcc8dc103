// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { Module } from '../kit/module.ts'
import aptModule from './apt.ts'
import apt_repositoryModule from './apt_repository.ts'
import assertModule from './assert.ts'
import blockinfileModule from './blockinfile.ts'
import commandModule from './command.ts'
import copyModule from './copy.ts'
import deb822_repositoryModule from './deb822_repository.ts'
import debugModule from './debug.ts'
import docker_containerModule from './docker_container.ts'
import docker_imageModule from './docker_image.ts'
import failModule from './fail.ts'
import fileModule from './file.ts'
import findModule from './find.ts'
import gather_factsModule from './gather_facts.ts'
import get_urlModule from './get_url.ts'
import getentModule from './getent.ts'
import groupModule from './group.ts'
import hostnameModule from './hostname.ts'
import ini_fileModule from './ini_file.ts'
import lineinfileModule from './lineinfile.ts'
import mountModule from './mount.ts'
import packageModule from './package.ts'
import package_factsModule from './package_facts.ts'
import pam_limitsModule from './pam_limits.ts'
import pingModule from './ping.ts'
import rawModule from './raw.ts'
import registry_caModule from './registry_ca.ts'
import registry_certModule from './registry_cert.ts'
import registry_checkModule from './registry_check.ts'
import registry_populateModule from './registry_populate.ts'
import registry_preflightModule from './registry_preflight.ts'
import registry_trustModule from './registry_trust.ts'
import replaceModule from './replace.ts'
import scriptModule from './script.ts'
import serviceModule from './service.ts'
import service_factsModule from './service_facts.ts'
import set_factModule from './set_fact.ts'
import setupModule from './setup.ts'
import shellModule from './shell.ts'
import slurpModule from './slurp.ts'
import statModule from './stat.ts'
import sysctlModule from './sysctl.ts'
import systemdModule from './systemd.ts'
import systemd_serviceModule from './systemd_service.ts'
import templateModule from './template.ts'
import timezoneModule from './timezone.ts'
import unarchiveModule from './unarchive.ts'
import uriModule from './uri.ts'
import userModule from './user.ts'
import wait_forModule from './wait_for.ts'

/** Every module, by the order of its file's name. */
export const modules: readonly Module[] = [
  aptModule,
  apt_repositoryModule,
  assertModule,
  blockinfileModule,
  commandModule,
  copyModule,
  deb822_repositoryModule,
  debugModule,
  docker_containerModule,
  docker_imageModule,
  failModule,
  fileModule,
  findModule,
  gather_factsModule,
  get_urlModule,
  getentModule,
  groupModule,
  hostnameModule,
  ini_fileModule,
  lineinfileModule,
  mountModule,
  packageModule,
  package_factsModule,
  pam_limitsModule,
  pingModule,
  rawModule,
  registry_caModule,
  registry_certModule,
  registry_checkModule,
  registry_populateModule,
  registry_preflightModule,
  registry_trustModule,
  replaceModule,
  scriptModule,
  serviceModule,
  service_factsModule,
  set_factModule,
  setupModule,
  shellModule,
  slurpModule,
  statModule,
  sysctlModule,
  systemdModule,
  systemd_serviceModule,
  templateModule,
  timezoneModule,
  unarchiveModule,
  uriModule,
  userModule,
  wait_forModule,
]
