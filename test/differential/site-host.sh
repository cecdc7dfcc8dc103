# A host for cases `on: site`: the images and the registry that they speak of. /root/box.tar is there.
set -eu
umask 022
hostnamectl set-hostname host
sed -i 's/^127\.0\.1\.1 .*/127.0.1.1 host/' /etc/hosts
# All cases together have more networks than Docker has pools for.
printf '{"default-address-pools": [{"base": "172.17.0.0/16", "size": 24}]}\n' >/etc/docker/daemon.json
systemctl restart docker
mkdir -p /srv/docker
mv /root/box.tar /srv/docker/box.tar
docker load -q -i /srv/docker/box.tar
docker tag box:1 box:latest

# A registry that knows ann by the password 'right pw'. The host stays logged in, so that images can be pulled.
# shellcheck disable=SC2016 # the signs are those of the salt
python3 -c 'import crypt; print("ann:" + crypt.crypt("right pw", "$2b$05$thesaltofallthehostsuu"))' >/etc/docker/registry/htpasswd
cat >/etc/docker/registry/config.yml <<'YAML'
version: 0.1
storage:
  filesystem: {rootdirectory: /var/lib/docker-registry}
http: {addr: '127.0.0.1:5000'}
auth:
  htpasswd: {realm: cases, path: /etc/docker/registry/htpasswd}
YAML
systemctl restart docker-registry
tries=0
until printf 'right pw' | docker login -u ann --password-stdin 127.0.0.1:5000; do
  tries=$((tries + 1))
  [ $tries -lt 20 ]
  sleep 0.2
done
