#!/bin/bash
# Debian's packages for the end-to-end tests: Chromium, Redis, PostgreSQL and OpenSSL, the headers that
# compile n8n's sqlite3 where this Node.js brings none, and runuser (PostgreSQL refuses to run as root).
# The tests start private servers of their own on loopback: no system service is started here.
set -euo pipefail

wanted=()
[ -x /usr/bin/chromium ] || wanted+=(chromium)
command -v redis-server > /dev/null || wanted+=(redis-server)
command -v openssl > /dev/null || wanted+=(openssl)
ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || wanted+=(postgresql)
command -v runuser > /dev/null || wanted+=(util-linux)
for tool in python3 make g++; do command -v "$tool" > /dev/null || wanted+=("$tool"); done
node_prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
[ -f "$node_prefix/include/node/common.gypi" ] || [ -f /usr/include/node/common.gypi ] || wanted+=(libnode-dev)

if [ ${#wanted[@]} -eq 0 ]; then
	echo 'Debian packages: all there'
	exit 0
fi
echo "Debian packages: installing ${wanted[*]}"

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

# An exit code of 101 tells Debian's maintainer scripts to start no service. A policy that is
# there already belongs to the machine and stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
	"${as_root[@]}" chmod +x "$policy"
	trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
# postgresql's own cluster would only take time and disk.
"${as_root[@]}" mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
	echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf > /dev/null

export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" > /dev/null
