package io.openshell.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.inference.InferenceCommand.DeleteRoute;
import io.openshell.model.inference.InferenceCommand.SetRoute;
import io.openshell.model.inference.InferenceEvent.RouteDeleted;
import io.openshell.model.inference.InferenceEvent.RouteSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceDeciderTest {
    private static final RouteTarget ONE = new RouteTarget("work", "m-1", 0);
    private static final RouteTarget TWO = new RouteTarget("work", "m-2", 30);
    private static final String ROUTE = InferenceRoutes.USER;

    private static DeciderFixture<InferenceCommand, InferenceRoutes, InferenceEvent> given(InferenceEvent... history) {
        return DeciderFixture.given(new InferenceDecider(), Contexts.user(), List.of(history));
    }

    @Test
    void caseD63EverySetIsAVersionAlsoAfterADeletion() {
        given().when(new SetRoute(ROUTE, ONE)).thenEvents(new RouteSet(ROUTE, 1, ONE));
        given(new RouteSet(ROUTE, 1, ONE)).when(new SetRoute(ROUTE, TWO)).thenEvents(new RouteSet(ROUTE, 2, TWO));
        given(new RouteSet(ROUTE, 1, ONE), new RouteDeleted(ROUTE)).when(new SetRoute(ROUTE, ONE)).thenEvents(new RouteSet(ROUTE, 2, ONE));
        assertThat(given(new RouteSet(ROUTE, 1, ONE), new RouteSet(ROUTE, 2, TWO)).state().find(ROUTE).orElseThrow().target())
                .contains(TWO);
    }

    @Test
    void deletingWhatIsNotThereChangesNothing() {
        given().when(new DeleteRoute(ROUTE)).thenUnchanged();
        given(new RouteSet(ROUTE, 1, ONE)).when(new DeleteRoute(ROUTE)).thenEvents(new RouteDeleted(ROUTE));
        assertThat(given(new RouteSet(ROUTE, 1, ONE), new RouteDeleted(ROUTE)).state().find(ROUTE)).isEmpty();
    }

    @Test
    void onlyUsersDecideAndOnlyWhatFollowsIsFolded() {
        given().by(Contexts.node("n1")).when(new SetRoute(ROUTE, ONE)).thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
        assertThatThrownBy(() -> given(new RouteSet(ROUTE, 2, ONE))).isInstanceOf(MisfitEvent.class);
        assertThatThrownBy(() -> given(new RouteDeleted(ROUTE))).isInstanceOf(MisfitEvent.class);
    }
}
