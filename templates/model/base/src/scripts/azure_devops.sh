# shellcheck shell=bash
# What the scripts in this folder share. It is read by them and never run on its own.
#
# Every value goes to az as --name=value, quoted, so that no value is taken for an option. The
# token is not among them: az reads AZURE_DEVOPS_EXT_PAT, or the sign-in of `az login`.

readonly EXIT_USAGE=2
readonly EXIT_REMOTE=3

export MSYS_NO_PATHCONV=1 # Else Git for Windows takes /src/* for a path on its disk.

say() {
  printf '%s\n' "$*"
}

# The command line cannot work: every problem, one a line.
fail_usage() {
  printf 'error: %s\n' "$@" >&2
  printf 'hint: %s --help shows the options.\n' "$0" >&2
  exit "$EXIT_USAGE"
}

# Azure DevOps or az failed: what happened, and what to do.
fail_remote() {
  printf 'error: %s\n' "$1" >&2
  printf 'hint: %s\n' "$2" >&2
  exit "$EXIT_REMOTE"
}

# read_options "names of options" "names of required options" "$@"
# Sets a variable for each option: --default-branch sets default_branch. A name that ends with +
# can be given several times, its values one a line; one that ends with ! takes no value.
read_options() {
  local known=" $1 " required="$2" name value variable kind
  local problems=()
  shift 2
  while [ "$#" -gt 0 ]; do
    name="${1%%=*}"
    case "$1" in
      -h | --help)
        show_help
        exit 0
        ;;
      --*=*) value="${1#*=}" ;;
      *) value="${2-}" ;;
    esac
    case "$known" in
      *" ${name#--} "*) kind=one ;;
      *" ${name#--}+ "*) kind=several ;;
      *" ${name#--}! "*) kind=switch ;;
      *) kind=unknown ;;
    esac
    if [ "$kind" = unknown ] || [ "$name" = "${name#--}" ]; then
      problems+=("$1 is not an option.")
      shift
      continue
    fi
    if [ "$kind" = switch ]; then
      [ "$name" = "$1" ] || problems+=("$name takes no value.")
      value=yes
    elif [ "$name" = "$1" ] && [ "$#" -gt 1 ]; then
      shift
    fi
    shift
    case "$value" in
      '') problems+=("$name has no value.") ;;
      *[[:cntrl:]]*) problems+=("The value of $name is more than one line.") ;;
    esac
    variable="${name#--}"
    variable="${variable//-/_}"
    if [ -n "${!variable-}" ]; then
      [ "$kind" = several ] || problems+=("$name is given twice.")
      value="${!variable}"$'\n'"$value"
    fi
    printf -v "$variable" '%s' "$value"
  done
  for name in $required; do
    variable="${name//-/_}"
    [ -n "${!variable-}" ] || problems+=("--$name is missing.")
  done
  check_organization "${organization-}" || problems+=("--organization $organization_rule")
  [ "${#problems[@]}" -eq 0 ] || fail_usage "${problems[@]}"
}

organization=''
readonly organization_rule="must be an address such as https://dev.azure.com/bank, without a token in it."

# http:// is for an organisation on this machine only.
check_organization() {
  case "$1" in
    *@*) return 1 ;;
    '' | https://?* | http://127.0.0.1:* | http://localhost:*) return 0 ;;
    *) return 1 ;;
  esac
}

# Stops before anything is changed when az or its extension is not there.
require_az() {
  command -v az > /dev/null 2>&1 \
    || fail_remote "The Azure CLI, az, is not installed." \
      "Install it: https://learn.microsoft.com/cli/azure/install-azure-cli"
  az extension show --name=azure-devops --output=none > /dev/null 2>&1 \
    || fail_remote "The extension azure-devops of the Azure CLI is not installed." \
      "Run: az extension add --name azure-devops"
}

# ask_az command and options: runs it and prints its answer, tab-separated. Where it stands in
# $( ), write || exit behind it: set -e does not hold inside such a function.
ask_az() {
  local answer command="$*"
  command="${command%% --*}"
  answer="$(az "$@" --organization="$organization" --detect=false --output=tsv --only-show-errors)" \
    || fail_remote "az $command failed; its own message is above." \
      "Sign in with az login, or set AZURE_DEVOPS_EXT_PAT, and check the permissions and names."
  printf '%s\n' "$answer" | tr -d '\r'
}

# same_text one other: whether both are the same, in any letter case, as Azure DevOps compares names.
same_text() {
  local result=1
  shopt -s nocasematch
  [[ "$1" == "$2" ]] && result=0
  shopt -u nocasematch
  return "$result"
}

# find_id name: reads lines of id and name, and prints the id of that name, or nothing.
find_id() {
  local id name
  while IFS=$'\t' read -r id name; do
    if same_text "$name" "$1"; then
      printf '%s' "$id"
      return 0
    fi
  done
}

# find_repository project name: the id of a repository of the project, or nothing.
find_repository() {
  local repositories
  repositories="$(ask_az repos list --project="$1" --query='[].[id, name]')" || exit
  find_id "$2" <<< "$repositories"
}
