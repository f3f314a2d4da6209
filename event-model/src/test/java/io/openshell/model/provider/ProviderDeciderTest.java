package io.openshell.model.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.history.Change;
import io.openshell.model.history.PrivateValues;
import io.openshell.model.history.StateDiff;
import io.openshell.model.history.Summary;
import io.openshell.model.provider.ProviderCommand.CreateProvider;
import io.openshell.model.provider.ProviderCommand.DeleteProvider;
import io.openshell.model.provider.ProviderCommand.UpdateProvider;
import io.openshell.model.provider.ProviderEvent.ProviderCreated;
import io.openshell.model.provider.ProviderEvent.ProviderDeleted;
import io.openshell.model.provider.ProviderEvent.ProviderUpdated;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProviderDeciderTest {
    private static final ProviderIdentity WORK = new ProviderIdentity("p1", "work", "default", "github", Map.of());
    private static final ProviderContent FIRST = content("b1", "GITHUB_TOKEN");
    private static final ProviderContent SECOND = content("b2", "GITHUB_TOKEN", "EXTRA");

    private static ProviderContent content(String bundle, String... keys) {
        return ProviderContent.lasting(List.of(keys), Map.of("REGION", "eu-1"), bundle);
    }

    private static DeciderFixture<ProviderCommand, ProviderState, ProviderEvent> given(ProviderEvent... history) {
        return DeciderFixture.given(new ProviderDecider(), Contexts.user(), List.of(history));
    }

    @Test
    void aNameCanBeTakenOnceAndAgainAfterDeletion() {
        given().when(new CreateProvider(WORK, FIRST)).thenEvents(new ProviderCreated(WORK, FIRST));
        given(new ProviderCreated(WORK, FIRST)).when(new CreateProvider(WORK, FIRST))
                .thenRefused(RejectionCode.PROVIDER_NAME_TAKEN, "work");
        given(new ProviderCreated(WORK, FIRST), new ProviderDeleted("p1")).when(new CreateProvider(WORK, FIRST))
                .thenEvents(new ProviderCreated(WORK, FIRST));
    }

    @Test
    void anUpdateIsTheNextRevisionOfWhatItWasMadeFrom() {
        var created = given(new ProviderCreated(WORK, FIRST));
        created.when(new UpdateProvider("github", SECOND, 1)).thenEvents(new ProviderUpdated(2, SECOND));
        created.when(new UpdateProvider("", FIRST, 1)).thenUnchanged();
        created.when(new UpdateProvider("", SECOND, 2)).thenRefused(RejectionCode.VERSION_CONFLICT);
        created.when(new UpdateProvider("gitlab", SECOND, 1)).thenRefused(RejectionCode.PROVIDER_INVALID, "github");
        given().when(new UpdateProvider("", SECOND, 1)).thenRefused(RejectionCode.PROVIDER_UNKNOWN);
    }

    @Test
    void aProviderHasTheCredentialThatItsTypeNeeds() {
        given().when(new CreateProvider(WORK, content("b1", "OTHER"))).thenRefused(RejectionCode.PROVIDER_INVALID, "GITHUB_TOKEN");
        given(new ProviderCreated(WORK, FIRST)).when(new UpdateProvider("", content("b2", "OTHER"), 1))
                .thenRefused(RejectionCode.PROVIDER_INVALID, "GITHUB_TOKEN");
    }

    @Test
    void deletingWhatIsNotThereChangesNothingAndOnlyUsersDecide() {
        given().when(new DeleteProvider()).thenUnchanged();
        given(new ProviderCreated(WORK, FIRST)).when(new DeleteProvider()).thenEvents(new ProviderDeleted("p1"));
        given(new ProviderCreated(WORK, FIRST)).by(Contexts.node("n1")).when(new DeleteProvider())
                .thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
    }

    @Test
    void anEventThatDoesNotFollowIsRefusedByTheFold() {
        assertThatThrownBy(() -> given(new ProviderUpdated(2, FIRST))).isInstanceOf(MisfitEvent.class);
        assertThatThrownBy(() -> given(new ProviderCreated(WORK, FIRST), new ProviderUpdated(3, SECOND))).isInstanceOf(MisfitEvent.class);
        assertThatThrownBy(() -> given(new ProviderCreated(WORK, FIRST), new ProviderDeleted("p2"))).isInstanceOf(MisfitEvent.class);
    }

    @Test
    void historyTellsNamesAndRevisionsAndNoSetting() {
        ProviderState one = given(new ProviderCreated(WORK, FIRST)).state();
        ProviderState two = given(new ProviderCreated(WORK, FIRST), new ProviderUpdated(2, SECOND)).state();
        assertThat(StateDiff.between(one, two)).containsExactly(
                new Change.Added("credential.EXTRA", "set"), new Change.Changed("revision", "1", "2"));
        assertThat(Summary.of(new ProviderCreated(WORK, FIRST))).isEqualTo("provider work of type github created, with GITHUB_TOKEN");
        PrivateValues.Masked masked = PrivateValues.mask(new ProviderUpdated(2, SECOND));
        assertThat(masked.what()).containsExactly("config");
        assertThat(masked.event()).isInstanceOfSatisfying(ProviderUpdated.class,
                event -> assertThat(event.content().config()).containsEntry("REGION", PrivateValues.MASK));
        assertThat(SECOND.toString()).doesNotContain("eu-1");
    }
}
