#!/usr/bin/env bash
# Creates the repository of a model in Azure DevOps. A repository that exists is left as it is.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=azure_devops.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/azure_devops.sh"

show_help() {
  cat << END
Usage: $0 --organization URL --project NAME --model NAME [--repository NAME]

Creates the repository of a model. It can be run again: a repository that exists is left as it is.

  --organization URL   such as https://dev.azure.com/bank
  --project NAME       project of Azure DevOps
  --model NAME         the model
  --repository NAME    name of the repository; by default that of the model

Sign in first with az login, or set AZURE_DEVOPS_EXT_PAT.
Exit codes: 0 done, 2 wrong use, 3 az is missing or failed.
END
}

project='' model='' repository=''
read_options "organization project model repository" "organization project model" "$@"
repository="${repository:-$model}"
require_az

id="$(find_repository "$project" "$repository")"
if [ -n "$id" ]; then
  say "= repository $repository is there already"
else
  id="$(ask_az repos create --project="$project" --name="$repository" --query='id')"
  say "+ created repository $repository"
fi
address="$(ask_az repos show --project="$project" --repository="$id" --query='remoteUrl')"
say "Push to it with:"
say "  git remote add origin '${address//\'/\'\\\'\'}'"
say "  git push --set-upstream origin HEAD"
