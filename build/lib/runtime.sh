# shellcheck shell=bash
# The cluster that workloads go to: one that kubectl reaches already, or kind where Docker works, or build/cluster.

# existing, kind or local; THREEPORT_RUNTIME chooses. Decided once, kept until build/down.
choose_runtime() {
  local choice=${THREEPORT_RUNTIME:-}
  [ ! -s "$runtime_file" ] || choice=$(cat "$runtime_file")
  if [ -z "$choice" ]; then
    if current_cluster_answers; then
      choice=existing
    elif have kind && timeout 10 docker info >/dev/null 2>&1; then
      choice=kind
    else
      choice=local
    fi
  fi
  case $choice in
    existing | kind | local) echo "$choice" >"$runtime_file" ;;
    *)
      echo "THREEPORT_RUNTIME is \"$choice\": existing, kind and local are allowed." >&2
      return 1
      ;;
  esac
}

# Only where there is a kubeconfig: without one kubectl asks localhost.
current_cluster_answers() {
  [ -n "${KUBECONFIG:-}" ] || [ -s "$HOME/.kube/config" ] || return 1
  have kubectl && timeout 6 kubectl --request-timeout=5s get --raw /readyz >/dev/null 2>&1
}

runtime_kubectl() { timeout 60 kubectl --kubeconfig "$state/kubeconfig" --request-timeout=20s "$@"; }

prepare_existing() {
  tried "kubectl config view --raw --flatten --minify"
  advice "Choose another context, or let build/up make a cluster: THREEPORT_RUNTIME=local build/up"
  if [ ! -s "$state/kubeconfig" ]; then
    (umask 077 && kubectl config view --raw --flatten --minify >"$state/kubeconfig.new")
    if grep -qE '^ +(exec|auth-provider):' "$state/kubeconfig.new"; then
      echo "The user of the current context gets its credentials from a command; the control plane needs a token or a certificate in the kubeconfig."
      return 1
    fi
    mv "$state/kubeconfig.new" "$state/kubeconfig"
  fi
}

prepare_kind() {
  tried "kind create cluster --name threeport"
  advice "docker info; or let build/up make a cluster without Docker: THREEPORT_RUNTIME=local build/up"
  kind get clusters 2>/dev/null | grep -x threeport >/dev/null ||
    timeout 600 kind create cluster --name threeport --kubeconfig "$state/kubeconfig" --wait 120s
  (umask 077 && kind get kubeconfig --name threeport >"$state/kubeconfig")
}

prepare_local() {
  local kubeconfig
  tried "build/cluster up"
  advice "build/cluster status shows which part is missing; build/cluster down and build/up start anew."
  kubeconfig=$("$root/build/cluster" up)
  (umask 077 && { cat "$kubeconfig" || as_root cat "$kubeconfig"; } >"$state/kubeconfig.new")
  mv "$state/kubeconfig.new" "$state/kubeconfig"
  tried "build/cluster image (the agent)"
  "$root/build/cluster" image "$artifacts/images/agent-$(agent_tag).tar"
}

# The image's name changes with its content, so that a cluster that has the old one takes the new one.
agent_tag() { echo "$version-$(sha256sum "$dist/threeport-agent" | cut -c1-8)"; }

# The runtime as a file for qleetctl. On the local cluster the agent is a pod; elsewhere it is a process beside the host,
# because those clusters can neither pull its image nor reach a control plane on this machine's loopback.
write_runtime() {
  local agent="  Agent: External"
  if [ "$(cat "$runtime_file")" = local ]; then
    agent="  ThreeportAgentImage: localhost/threeport/agent:$(agent_tag)
  AgentEndpoint: $listen
  AgentHostNetwork: true"
  fi
  cat >"$state/runtime.yaml" <<EOF2
KubernetesRuntime:
  Name: local
  InfraProvider: existing
  Location: Local
  DefaultRuntime: true
  Kubeconfig: kubeconfig
$agent
EOF2
}

start_external_agent() {
  tried "to start threeport-agent beside the control plane"
  (umask 077 && qleetctl auth token create agent:local --role agent:local --expires 366d >"$state/agent.token.new")
  mv "$state/agent.token.new" "$state/agent.token"
  process_start agent "$state" "$dist/threeport-agent" --kubeconfig "$state/kubeconfig" --api "$listen" \
    --ca-file "$data/ca.crt" --token-file "$state/agent.token" --runtime local
}
