/** What a GGUF file of llama.cpp means in Hugging Face's model. */
export { architectureValue, ggufFactsOf, layerNumber, valueOf, type GgufFacts } from './ggufFacts.js';
export { describeGguf } from './describeGguf.js';
export { ggufConfig, type GgufConfig } from './ggufSettings.js';
export { huggingFaceParameters, type GgufMeaning } from './huggingFaceParameters.js';
