/**
 * Names of what training leaves beside weights and no loader takes for a model: states of optimizers, schedules and random numbers,
 * settings, and parts that only the program that wrote them puts together.
 */
const trainingState =
  /^(?:(?:optimizer|scheduler|scaler|rng_state|random_states|sampler|dl_state_dict|training_args|training_state|trainer_state|loss_scaler)\b.*|(?:optimizer|scheduler|rng_state|random_states|sampler|loss_scaler)_\d+.*|custom_checkpoint_\d+\..*|optim_world_size_.*|extra_state_world_size_.*)$/;

/** Parts of one model that DeepSpeed and verl write: each is of no use alone. */
const trainingParts = /_(?:optim|model)_states\.pt$|^model_world_size_\d+_rank_\d+\.pt$/;

/** Whether a file or folder is what training needs to go on, by its name. */
export function isTrainingState(name: string): boolean {
  return trainingState.test(name) || trainingParts.test(name);
}

/** As `isTrainingState`, without parts of a model. */
export function isTrainingFile(name: string): boolean {
  return trainingState.test(name);
}
