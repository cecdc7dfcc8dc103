// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { Module } from '../kit/module.ts'
import aptModule from './apt.ts'
import assertModule from './assert.ts'
import commandModule from './command.ts'
import copyModule from './copy.ts'
import debugModule from './debug.ts'
import docker_containerModule from './docker_container.ts'
import docker_imageModule from './docker_image.ts'
import failModule from './fail.ts'
import fileModule from './file.ts'
import gather_factsModule from './gather_facts.ts'
import packageModule from './package.ts'
import pingModule from './ping.ts'
import rawModule from './raw.ts'
import registry_caModule from './registry_ca.ts'
import registry_certModule from './registry_cert.ts'
import registry_populateModule from './registry_populate.ts'
import registry_trustModule from './registry_trust.ts'
import serviceModule from './service.ts'
import set_factModule from './set_fact.ts'
import setupModule from './setup.ts'
import shellModule from './shell.ts'
import statModule from './stat.ts'
import systemdModule from './systemd.ts'
import systemd_serviceModule from './systemd_service.ts'
import templateModule from './template.ts'

/** Every module, by the order of its file's name. */
export const modules: readonly Module[] = [
  aptModule,
  assertModule,
  commandModule,
  copyModule,
  debugModule,
  docker_containerModule,
  docker_imageModule,
  failModule,
  fileModule,
  gather_factsModule,
  packageModule,
  pingModule,
  rawModule,
  registry_caModule,
  registry_certModule,
  registry_populateModule,
  registry_trustModule,
  serviceModule,
  set_factModule,
  setupModule,
  shellModule,
  statModule,
  systemdModule,
  systemd_serviceModule,
  templateModule,
]
