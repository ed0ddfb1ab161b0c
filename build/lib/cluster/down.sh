# shellcheck shell=bash
# Takes the cluster away, from whatever state it is in: pods, processes, mounts, network, folders.

cluster_down() {
  [ -d "$cluster_data" ] || return 0
  # Nobody makes new pods; kubelet stops those that are there. With the API server gone it cannot be asked: see stop_containers.
  process_stop 10 "$cluster_data"/{kube-scheduler,kube-controller-manager,volumes}.pid
  if [ -n "$kubernetes" ] && process_alive "$cluster_data/kubelet.pid" >/dev/null && cluster_ready; then
    cluster_kubectl delete pods --all --all-namespaces --grace-period=1 --timeout=20s || true
  fi
  process_stop 10 "$cluster_data"/{kube-proxy,kubelet,kube-apiserver,etcd}.pid
  stop_containers
  process_stop 10 "$cluster_data/containerd.pid"
  remove_mounts
  remove_network
  remove_groups
  remove_folders
}

# Whoever still runs under one of our shims: the shims are known by containerd's socket on their command line.
stop_containers() {
  local pid
  if process_alive "$cluster_data/containerd.pid" >/dev/null && containerd_ready; then
    cluster_ctr tasks list -q | while read -r task; do cluster_ctr tasks kill --signal 9 "$task" || true; done
    cluster_ctr tasks list -q | while read -r task; do cluster_ctr tasks delete --force "$task" || true; done
  fi
  for pid in $(shims); do
    kill_tree "$pid"
  done
  eventually 10 no_shims || { echo "Processes of the cluster do not go: $(shims | tr '\n' ' ')" >&2; return 1; }
}

shims() {
  local file
  for file in /proc/[0-9]*/cmdline; do
    { tr '\0' ' ' <"$file" | grep "containerd-shim.*-address $containerd_socket" >/dev/null; } 2>/dev/null || continue
    file=${file#/proc/}
    echo "${file%/cmdline}"
  done
}

no_shims() { [ -z "$(shims)" ]; }

kill_tree() {
  local child
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do kill_tree "$child"; done
  kill -9 "$1" 2>/dev/null || true
}

# Below the cluster's folder, and the network namespaces that it made elsewhere.
remove_mounts() {
  local mount
  awk -v folder="$cluster_data/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do
    umount -l "$mount" || true
  done
}

remove_network() {
  local file space id name table
  for file in /var/lib/cni/results/threeport-*; do
    id=${file#*/threeport-}
    space=$(grep -o '"sandbox": *"[^"]*"' "$file" | sed 's/.*"\(.*\)"/\1/' | grep -x '/\(var/\)\?run/netns/cni-[0-9a-f-]*' | head -1 || true)
    [ ! -e "$space" ] || { umount -l "$space" || true; rm -f "$space"; }
    rm -f "$file" "/var/lib/cni/results/cni-loopback-${id%-*}-lo"
  done
  ip -o link show master "$cluster_bridge" 2>/dev/null | sed 's/^[0-9]*: \([^@:]*\).*/\1/' | while read -r name; do
    ip link delete "$name" || true
  done || true
  ip link delete "$cluster_bridge" 2>/dev/null || true
  have iptables || return 0
  # Each table as it is but for the chains of kubelet, kube-proxy and the CNI plugins, and the rules that lead there.
  for table in nat filter mangle; do
    # Read to its end: with -q iptables-save may be ended by a closed pipe, and the table would count as clean.
    iptables-save -t "$table" | grep -E '^:(KUBE|CNI)-' >/dev/null || continue
    iptables-save -c -t "$table" | grep -vE '^:(KUBE|CNI)-|-A (KUBE|CNI)-| -j (KUBE|CNI)-|kubernetes forwarding' | iptables-restore -c -w -T "$table" || true
  done
}

remove_groups() {
  local folder
  for folder in /sys/fs/cgroup/kubepods /sys/fs/cgroup/*/kubepods; do
    find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

remove_folders() {
  local folder
  while read -r folder; do
    case $folder in
      /var/lib/kubelet | /var/log/pods | /var/log/containers | /var/lib/cni | /opt/containerd | /run/containerd | /var/lib/kube-proxy) rm -rf "$folder" ;;
    esac
  done < <(cat "$cluster_data/claimed" 2>/dev/null || true)
  rm -rf "$cluster_data"
}
