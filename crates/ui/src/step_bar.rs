//! How far a job has come, drawn as the pins of a lock: a step that is done has its cut at the shear line.

use leptos::prelude::*;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where the job is now.
    Current,
    /// Still ahead.
    Todo,
}

/// One step: its name, its state, and when it was reached.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// The name of the state.
    pub words: String,
    /// Where it stands.
    pub state: StepState,
    /// When it was reached, as people read it.
    pub when: Option<String>,
}

impl Step {
    /// The steps of a path through `names`, of which the one at `current` is reached; no times.
    pub fn path(names: &[&str], current: usize) -> Vec<Self> {
        let state = |at: usize| match at.cmp(&current) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Todo,
        };
        names
            .iter()
            .enumerate()
            .map(|(at, name)| Self { words: (*name).to_owned(), state: state(at), when: None })
            .collect()
    }
}

/// The bar. `label` names it for screen readers; `stopped` is for a cancelled or refused job.
#[component]
pub fn StepBar(steps: Vec<Step>, #[prop(into)] label: String, #[prop(optional)] stopped: bool) -> impl IntoView {
    let step = |step: Step| {
        let class = match step.state {
            StepState::Done => "steps__step is-done",
            StepState::Current => "steps__step is-current",
            StepState::Todo => "steps__step",
        };
        let current = (step.state == StepState::Current).then_some("step");
        view! {
            <li class=class aria-current=current>
                <span class="steps__pin" aria-hidden="true"></span>
                <span class="steps__words">{step.words}</span>
                {step.when.map(|when| view! { <span class="steps__when">{when}</span> })}
            </li>
        }
    };
    view! {
        <ol class="steps" class:steps--stopped=stopped aria-label=label>
            {steps.into_iter().map(step).collect_view()}
        </ol>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_done_before_the_current_step_and_open_after_it() {
        let states: Vec<_> =
            Step::path(&["New", "Scheduled", "On site"], 1).into_iter().map(|step| step.state).collect();
        assert_eq!(states, [StepState::Done, StepState::Current, StepState::Todo]);
    }
}
