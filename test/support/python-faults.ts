/** One mistake in a generated repository, and the repository's own command that must turn red. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  /** The text to replace, which must be there exactly once, and what takes its place. */
  readonly change: readonly [from: string, to: string];
  /** Files of tests; by default those of the model and of the repository's own rules. */
  readonly tests?: readonly string[];
  /** Whether the tests that notice it need a real MLflow server. */
  readonly needsServer?: true;
}

const ofPlatform = ["tests/platform"];
const training = "demo_model/model_modules/training.py";
const scoring = "demo_model/model_modules/scoring.py";
const data = "demo_model/model_modules/data.py";
const rules = "demo_model/model_modules/rules.py";
const variables = "demo_model/model_variables.yml";
const requirements = "demo_model/model_modules/requirements.txt";
const thresholds = "demo_model/evaluation_thresholds.yml";
const notebook = "demo_model/notebooks/score_table.py";

/** Faults that every trained demo model must notice. */
const trained: readonly Fault[] = [
  { name: "the train function is missing", file: training, change: ["def train(", "def fit("] },
  { name: "the rows of the index are renumbered", file: scoring, change: ["index=data.index,", ""] },
  {
    name: "scores are in another order than the rows",
    file: scoring,
    change: ["features = data[list(FEATURES)]\n    p", "features = data[list(FEATURES)][::-1]\n    p"],
  },
  {
    name: "flowers measured twice leak",
    file: data,
    change: ["    return kept_rows(load_raw_data())", "    return load_raw_data()"],
  },
  {
    name: "one row is in both halves of the split",
    file: data,
    change: ["return training, evaluation", "return pd.concat([training, evaluation[:1]]), evaluation"],
  },
  {
    name: "the split changes from run to run",
    file: data,
    change: ["random_state=_SEED, ", ""],
  },
  { name: "a package is not required", file: requirements, change: ["scikit-learn", "scikit-image"] },
  { name: "the model type does not exist", file: variables, change: ["MODEL_TYPE: ", "MODEL_TYPE: semi-"] },
];

export const supervisedFaults: readonly Fault[] = [
  ...trained,
  {
    name: "training ignores the labels",
    file: training,
    change: ["data[LABEL])", "data[LABEL].sample(frac=1, random_state=1).to_numpy())"],
  },
  {
    name: "training ignores its parameters",
    file: training,
    change: ['parameters["inverse_regularisation"]', "1.0"],
  },
  { name: "a column has another name", file: scoring, change: ['"prediction": m', '"predicted": m'] },
  { name: "the least probability is returned", file: scoring, change: [".max(axis=1)", ".min(axis=1)"] },
  { name: "the metric is averaged in another way", file: scoring, change: ['"macro"', '"micro"'] },
  {
    name: "the label is in the scoring data",
    file: data,
    change: ["load_evaluation_data().drop(columns=[LABEL])", "load_evaluation_data()"],
  },
  { name: "no metric has a threshold", file: thresholds, change: ["accuracy:", "{}\n# accuracy:"] },
  {
    name: "a threshold has the other direction",
    file: thresholds,
    change: ["accuracy: { minimum", "accuracy: { maximum"],
  },
];

export const unsupervisedFaults: readonly Fault[] = [
  ...trained.filter(({ name }) => name !== "scores are in another order than the rows"),
  {
    name: "scores are in another order than the rows",
    file: scoring,
    change: ["features = data[list(FEATURES)]\n    r", "features = data[list(FEATURES)][::-1]\n    r"],
  },
  { name: "training ignores its parameters", file: training, change: ['parameters["clusters"]', "3"] },
  {
    name: "measurements count by their unit",
    file: training,
    change: ["make_pipeline(StandardScaler(), clusters)", 'make_pipeline("passthrough", clusters)'],
  },
  { name: "the furthest centre is measured", file: scoring, change: [".min(axis=1)", ".max(axis=1)"] },
  { name: "a column has another name", file: scoring, change: ['"cluster": m', '"group": m'] },
  {
    name: "one metric takes the place of the other",
    file: scoring,
    change: ["silhouette_score(scaled, clusters)", "adjusted_rand_score(data[KNOWN_GROUP], clusters)"],
  },
  {
    name: "the known groups are in the training data",
    file: data,
    change: ["_split()[0].drop(columns=[KNOWN_GROUP])", "_split()[0]"],
  },
];

export const ruleBasedFaults: readonly Fault[] = [
  {
    name: "a rule is inverted",
    file: rules,
    change: ['> limits["usual_factor"]', '< limits["usual_factor"]'],
  },
  { name: "a rule takes its limit in", file: rules, change: ['< limits["new', '<= limits["new'] },
  {
    name: "a night is an hour too long",
    file: rules,
    change: ['limits["night_ends"] - 1', 'limits["night_ends"]'],
  },
  { name: "abroad and home are confused", file: rules, change: ["!= limits", "== limits"] },
  { name: "a rule is left out", file: rules, change: ['"at_night_to_abroad": at_night_to_abroad,', ""] },
  { name: "all rules must agree", file: scoring, change: ["hits.any(", "hits.all("] },
  {
    name: "the names of the rules are lost",
    file: scoring,
    change: ["hits.columns[row]", "hits.columns[:0]"],
  },
  {
    name: "precision is measured as recall",
    file: scoring,
    change: ["_share(right, int(flagged.sum()))", "_share(right, int(suspicious.sum()))"],
  },
  { name: "nothing measured counts as perfect", file: scoring, change: ['float("nan")', "1.0"] },
  {
    name: "the answers are in the scoring data",
    file: data,
    change: ["load_evaluation_data().drop(columns=[LABEL])", "load_evaluation_data()"],
  },
  {
    name: "a rule-based model is trained",
    file: scoring,
    change: ["def _share(", "def train(data, parameters):\n    return parameters\n\n\ndef _share("],
  },
  {
    name: "a limit is changed beyond reason",
    file: "demo_model/model_parameters.yml",
    change: ["usual_factor: 5", "usual_factor: 0.5"],
  },
  { name: "a package is not required", file: requirements, change: ["pandas", "polars"] },
  { name: "the variables are not YAML", file: variables, change: ["variables:", "variables: ["] },
];

/** Faults in the platform's code and in what only one kind of serving has. */
export const platformFaults: readonly Fault[] = [
  {
    name: "thresholds count in the other direction",
    file: "src/model/settings.py",
    change: ["value >= self.minimum", "value <= self.minimum"],
    tests: ofPlatform,
  },
  {
    name: "a worse model replaces the champion",
    file: "src/model/gate.py",
    change: ["gain = value - other if", "gain = other - value if"],
    tests: ["tests/platform/test_gate.py"],
  },
  {
    name: "the champion has the alias of the challenger",
    file: "src/registry/life_cycle.py",
    change: ['CHAMPION_ALIAS = "champion"', 'CHAMPION_ALIAS = "challenger"'],
    tests: ["tests/platform/test_promotion.py", "-k", "without_a_champion"],
    needsServer: true,
  },
  {
    name: "a metric that is no number passes",
    file: "src/model/evaluation.py",
    change: ["elif not math.isfinite(value):", "elif False:"],
    tests: ofPlatform,
  },
  {
    name: "a package's hashes are not compared",
    file: "src/model/package.py",
    change: ["if sha256_of(folder / name) != files[name]", "if False"],
    tests: ofPlatform,
  },
  {
    name: "a failure ends with exit code 0",
    file: "src/cli.py",
    change: ["return error.exit_code", "return 0"],
    tests: ofPlatform,
  },
  {
    name: "a message can start a logging command",
    file: "src/utils/pipeline_log.py",
    change: ['("\\n", "%0A")', '("\\n", "\\n")'],
    tests: ofPlatform,
  },
  {
    name: "control characters get into JUnit",
    file: "src/checks/junit.py",
    change: ["_FORBIDDEN.sub(lambda match: repr(match.group())[1:-1], text)", "text"],
    tests: ofPlatform,
  },
  {
    name: "drift counts in the other direction",
    file: "src/monitoring/decide.py",
    change: ["value > limits[name]", "value < limits[name]"],
    tests: ["tests/platform/test_monitoring_decision.py"],
  },
  {
    name: "a lost answer starts the training twice",
    file: "src/monitoring/training_pipeline.py",
    change: ["if existing is not None:", "if existing is None and False:"],
    tests: ["tests/platform/test_trigger.py"],
  },
];

export const batchFaults: readonly Fault[] = [
  {
    name: "the training notebook has no header",
    file: "demo_model/notebooks/train.py",
    change: ["# Databricks notebook source\n", "\n"],
  },
  {
    name: "the job's compute does not exist",
    file: "pipelines/base_variables.yml",
    change: ["COMPUTE_MODE: job_cluster", "COMPUTE_MODE: job_clusters"],
  },
  {
    name: "a job that ended badly counts as done",
    file: "src/batch_model/run_verdict.py",
    change: ['if life_cycle == "TERMINATED" and result == "SUCCESS":', 'if life_cycle == "TERMINATED":'],
    tests: ["tests/platform/batch/test_job.py"],
  },
  { name: "the notebook has no header", file: notebook, change: ["# Databricks notebook source\n", "\n"] },
  { name: "the notebook replaces the table", file: notebook, change: ['"append"', '"overwrite"'] },
  {
    name: "rows of a table get the scores of others",
    file: "src/batch_model/score_table.py",
    change: ["scores.set_axis(kept.index)", "scores.set_axis(kept.index[::-1])"],
    tests: ofPlatform,
  },
];

export const restFaults: readonly Fault[] = [
  {
    name: "a service that failed its smoke test gets its address",
    file: "src/rest_model/deploy.py",
    change: [
      "            raise ServingError(error, self._clean_up(instance, before)) from error\n",
      "            served = Served(str(error), 0)\n",
    ],
    tests: ["tests/platform/test_deploy_aci.py"],
  },
  {
    name: "predictions are in another order than the rows",
    file: "src/rest_model/score_request.py",
    change: ["frame_to_records(scores)", "frame_to_records(scores[::-1])"],
    tests: ofPlatform,
  },
  {
    name: "a request without rows is scored",
    file: "src/rest_model/score_request.py",
    change: ["if data.empty:", "if False:"],
    tests: ofPlatform,
  },
];
