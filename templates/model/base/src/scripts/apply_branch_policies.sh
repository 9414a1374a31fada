#!/usr/bin/env bash
# Protects the default branch of a model's repository in Azure DevOps. Policies that are there are
# put right, and others are left alone.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=azure_devops.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/azure_devops.sh"

# What the platform owns in a model's repository.
readonly PLATFORM_PATHS='/.eac-model/*;/.gitattributes;/docs/operations.md;/docs/tasks.md;/pipelines/*;/pyproject.toml;/src/*;/tests/platform/*'
readonly PLATFORM_MESSAGE='The platform team owns these paths.'
readonly VALID_MINUTES=720

show_help() {
  cat << END
Usage: $0 --organization URL --project NAME --model NAME [more options]

Protects a branch: reviewers, resolved comments, squash merge, and a green PR pipeline. It can be
run again: a policy that is there is put right, or left as it is.

  --organization URL       such as https://dev.azure.com/bank
  --project NAME           project of Azure DevOps
  --model NAME             the model; its pipeline MODEL-pr-pipeline has to be there
  --repository NAME        name of the repository; by default that of the model
  --branch NAME            branch to protect; by default main
  --minimum-reviewers N    by default as many as now, or 1
  --platform-team NAME     team or group that has to approve changes of what the platform owns
  --platform-paths PATHS   what that is, separated by semicolons; by default
                           $PLATFORM_PATHS
  --require-work-items     every pull request has to name a work item

Sign in first with az login, or set AZURE_DEVOPS_EXT_PAT.
Exit codes: 0 done, 2 wrong use, 3 az is missing or failed.
END
}

# find_policy type-id label fields: "id state" of the policy of this branch alone; nothing when
# there is none. Of several, the one whose display name or message is the label, if there is one.
find_policy() {
  local rows id repository_id_of ref state name
  rows="$(ask_az repos policy list --project="$project" --repository-id="$repository_id" \
    --branch="$branch" --query="[?type.id=='$1' && length(settings.scope) == \`1\`].[id, \
      not_null(settings.scope[0].repositoryId, '-'), not_null(settings.scope[0].refName, '-'), \
      join(' ', [to_string(isEnabled), to_string(isBlocking), $3]), \
      not_null(settings.displayName, settings.message, '-')]")" || exit
  while IFS=$'\t' read -r id repository_id_of ref state name; do
    same_text "$repository_id_of" "$repository_id" || continue
    [ "$ref" = "refs/heads/$branch" ] || continue
    [ -z "$2" ] || same_text "$name" "$2" || continue
    printf '%s %s' "$id" "$state"
    return 0
  done <<< "$rows"
}

# apply_policy kind title wanted-state "id state" options: creates it, puts it right, or keeps it.
apply_policy() {
  local kind="$1" title="$2" wanted="true true $3" id="${4%% *}" state="${4#* }"
  shift 4
  if [ -z "$id" ]; then
    ask_az repos policy "$kind" create --project="$project" --repository-id="$repository_id" \
      --branch="$branch" --blocking=true --enabled=true "$@" --query='id' > /dev/null
    say "+ created: $title"
  elif [ "$state" = "$wanted" ]; then
    say "= is there already: $title"
  else
    ask_az repos policy "$kind" update --policy-id="$id" --project="$project" \
      --blocking=true --enabled=true "$@" --query='id' > /dev/null
    say "~ put right: $title"
  fi
}

# Fields of the query: absent is false, and a number is whole, as text.
# shellcheck disable=SC2016 # The backquotes are the query's.
flag() {
  printf 'to_string(not_null(settings.%s, `false`))' "$1"
}
# shellcheck disable=SC2016 # The backquotes are the query's.
number() {
  printf 'to_string(floor(to_number(not_null(settings.%s, `0`))))' "$1"
}

require_reviewers() {
  local fields found number
  fields="$(number minimumApproverCount), $(flag creatorVoteCounts), $(flag allowDownvotes), $(flag resetOnSourcePush)"
  found="$(find_policy fa4e907d-c16b-4a4c-9dfa-4906e5d171dd '' "$fields")"
  if [ -z "$minimum_reviewers" ]; then # Nobody asked for another number than is there.
    read -r _ _ _ number _ <<< "$found"
    minimum_reviewers="${number:-1}"
  fi
  apply_policy approver-count "reviewers, at least $minimum_reviewers" \
    "$minimum_reviewers false false true" "$found" \
    --minimum-approver-count="$minimum_reviewers" --creator-vote-counts=false \
    --allow-downvotes=false --reset-on-source-push=true
}

require_squash_merge() {
  local fields found
  fields="$(flag allowSquash), $(flag allowNoFastForward), $(flag allowRebase), $(flag allowRebaseMerge)"
  found="$(find_policy fa4e907d-c16b-4a4c-9dfa-4916e5d171ab '' "$fields")"
  apply_policy merge-strategy 'squash merge' 'true false false false' "$found" \
    --allow-squash=true --allow-no-fast-forward=false --allow-rebase=false --allow-rebase-merge=false
}

require_pipeline() {
  local fields found
  fields="$(number buildDefinitionId), $(flag queueOnSourceUpdateOnly), $(flag manualQueueOnly), $(number validDuration)"
  found="$(find_policy 0609b952-1397-4640-95ec-e00a01b2c241 "$pipeline" "$fields")"
  apply_policy build "pipeline $pipeline green" "$pipeline_id true false $VALID_MINUTES" "$found" \
    --build-definition-id="$pipeline_id" --display-name="$pipeline" \
    --queue-on-source-update-only=true --manual-queue-only=false --valid-duration="$VALID_MINUTES"
}

require_platform_team() {
  local teams id found
  teams="$(ask_az devops team list --project="$project" --top=1000 --query='[].[id, name]')"
  id="$(find_id "$platform_team" <<< "$teams")" # A group is no team; az looks its name up itself.
  found="$(find_policy fd2167ab-b0be-447a-8ec8-39368250530e "$PLATFORM_MESSAGE" \
    "join(';', not_null(settings.requiredReviewerIds, \`[]\`)), \
     join(';', not_null(settings.filenamePatterns, \`[]\`))")"
  apply_policy required-reviewer "$platform_team reviews what the platform owns" \
    "$id $platform_paths" "$found" --message="$PLATFORM_MESSAGE" \
    --required-reviewer-ids="${id:-$platform_team}" --path-filter="$platform_paths"
}

# A policy without settings of its own.
require_simply() {
  local found
  found="$(find_policy "$3" '' "''")"
  apply_policy "$1" "$2" '' "$found"
}

project='' model='' repository='' branch='' minimum_reviewers=''
platform_team='' platform_paths='' require_work_items=''
read_options "organization project model repository branch minimum-reviewers platform-team platform-paths require-work-items!" \
  "organization project model" "$@"
repository="${repository:-$model}"
branch="${branch:-main}"
platform_paths="${platform_paths:-$PLATFORM_PATHS}"
case "$minimum_reviewers" in
  0* | *[!0-9]*) fail_usage "--minimum-reviewers is $minimum_reviewers, not a whole number from 1." ;;
esac
require_az

repository_id="$(find_repository "$project" "$repository")"
[ -n "$repository_id" ] \
  || fail_remote "The project $project has no repository $repository." "Create it with create_repo.sh."
pipeline="$model-pr-pipeline"
pipelines="$(ask_az pipelines list --project="$project" --folder-path="\\$model" --query='[].[id, name]')"
pipeline_id="$(find_id "$pipeline" <<< "$pipelines")"
[ -n "$pipeline_id" ] \
  || fail_remote "The folder \\$model of the project $project has no pipeline $pipeline." \
    "Push pipelines/pr_pipeline.yml, and create the pipeline from it with az pipelines create."

require_reviewers
require_simply comment-required 'comments resolved' c6a1889d-b943-4856-b76f-9e46bb6b0df2
require_squash_merge
require_pipeline
if [ -n "$platform_team" ]; then require_platform_team; fi
if [ -n "$require_work_items" ]; then
  require_simply work-item-linking 'work items linked' 40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e
fi
