#!/usr/bin/env bash
# Creates the team of a model in Azure DevOps and adds its members. Nobody is ever taken out.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=azure_devops.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/azure_devops.sh"

show_help() {
  cat << END
Usage: $0 --organization URL --project NAME --model NAME --team NAME [--member EMAIL]...

Creates the team that owns a model, and adds members. It can be run again: a team that exists and
the people in it stay as they are.

  --organization URL   such as https://dev.azure.com/bank
  --project NAME       project of Azure DevOps
  --model NAME         the model
  --team NAME          the team
  --member EMAIL       somebody to add; can be given several times

Sign in first with az login, or set AZURE_DEVOPS_EXT_PAT.
Exit codes: 0 done, 2 wrong use, 3 az is missing or failed.
END
}

# The group behind the team, which is what people are members of. Groups come in pages.
find_group() {
  local rows descriptor name token=''
  while true; do
    # shellcheck disable=SC2016 # These backquotes are the query's.
    rows="$(ask_az devops security group list --project="$project" \
      ${token:+--continuation-token="$token"} \
      --query='[graphGroups[].[descriptor, principalName], [[continuationToken, `next page`]]][]')" || exit
    descriptor="$(find_id "[$project]\\$team" <<< "$rows")"
    token="$(find_id 'next page' <<< "$rows")"
    if [ -n "$descriptor" ] || [ -z "$token" ] || [ "$token" = None ]; then
      printf '%s' "$descriptor"
      return 0
    fi
  done
}

# is_member person: reads lines of address and name.
is_member() {
  local address name
  while IFS=$'\t' read -r address name; do
    if same_text "$address" "$1" || same_text "$name" "$1"; then return 0; fi
  done
  return 1
}

add_members() {
  local members group='' person
  members="$(ask_az devops team list-member --project="$project" --team="$id" --top=1000 \
    --query='[].[identity.uniqueName, identity.displayName]')"
  while IFS= read -r person; do
    if is_member "$person" <<< "$members"; then
      say "= $person is a member already"
      continue
    fi
    [ -n "$group" ] || group="$(find_group)"
    [ -n "$group" ] || fail_remote "The group of the team $team was not found." "Run this command again."
    ask_az devops security group membership add --group-id="$group" --member-id="$person" \
      --query='[]' > /dev/null
    say "+ added $person"
  done <<< "$member"
}

project='' model='' team='' member=''
read_options "organization project model team member+" "organization project model team" "$@"
require_az

teams="$(ask_az devops team list --project="$project" --top=1000 --query='[].[id, name]')"
id="$(find_id "$team" <<< "$teams")"
if [ -n "$id" ]; then
  say "= team $team is there already"
else
  id="$(ask_az devops team create --project="$project" --name="$team" \
    --description="Owns the model $model." --query='id')"
  say "+ created team $team"
fi
if [ -n "$member" ]; then add_members; fi
